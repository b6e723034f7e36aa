/** Who computes. The reference comes first, so that the others can be told against it. */

import { type Provider, kernelsProvider, nobleProvider } from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'

export type ProviderName = 'noble' | 'kernels' | 'native'

export const REFERENCE: ProviderName = 'noble'

export const PROVIDERS: Readonly<Record<ProviderName, Provider>> = {
  noble: nobleProvider,
  kernels: kernelsProvider,
  native: createNativeProvider(),
}

export const PROVIDER_NAMES = Object.keys(PROVIDERS) as readonly ProviderName[]
