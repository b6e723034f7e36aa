/** The providers of cryptography that a command can be asked for, by name. */

import { type Provider, nobleProvider } from '@softkms/hsm'
import * as boundary from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'

export type ProviderName = 'noble' | 'kernels' | 'native'

/** There once the boundary has it. */
const { kernelsProvider } = boundary as { readonly kernelsProvider?: Provider }

/** In the order in which they are shown, the reference first. Made when they are wanted: one tries out what Node has. */
export const PROVIDERS: ReadonlyMap<ProviderName, () => Provider> = new Map<ProviderName, () => Provider>([
  ['noble', () => nobleProvider],
  ...(kernelsProvider === undefined ? [] : [['kernels', () => kernelsProvider] as const]),
  ['native', createNativeProvider],
])
