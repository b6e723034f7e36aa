/** The providers of cryptography that a command can be asked for, by name. */

import { type Provider, nobleProvider } from '@softkms/hsm'
import * as boundary from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'

export const PROVIDER_NAMES = ['noble', 'kernels', 'native'] as const
export type ProviderName = (typeof PROVIDER_NAMES)[number]

/** In the order in which they are shown: the reference first. */
export function listProviders(): ReadonlyMap<ProviderName, Provider> {
  const { kernelsProvider } = boundary as { readonly kernelsProvider?: Provider }
  return new Map<ProviderName, Provider>([
    ['noble', nobleProvider],
    ...(kernelsProvider === undefined ? [] : [['kernels', kernelsProvider] as const]),
    ['native', createNativeProvider()],
  ])
}
