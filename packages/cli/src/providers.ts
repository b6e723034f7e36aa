/** The providers of cryptography that a command can be asked for, by name. */

import { type Provider, kernelsProvider, nobleProvider } from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'

export type ProviderName = 'noble' | 'kernels' | 'native'

/** In the order in which they are shown, the reference first. Made when they are wanted: one tries out what Node has. */
export const PROVIDERS: ReadonlyMap<ProviderName, () => Provider> = new Map<ProviderName, () => Provider>([
  ['noble', () => nobleProvider],
  ['kernels', () => kernelsProvider],
  ['native', createNativeProvider],
])
