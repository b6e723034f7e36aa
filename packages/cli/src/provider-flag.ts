/** `--provider`: who computes. */

import { type Provider, kernelsProvider, nobleProvider } from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'
import { Option } from 'commander'

export type ProviderName = 'kernels' | 'noble' | 'native'

const PROVIDERS: Readonly<Record<ProviderName, () => Provider>> = {
  kernels: () => kernelsProvider,
  noble: () => nobleProvider,
  native: createNativeProvider,
}

export function providerOption(): Option {
  return new Option('--provider <name>', 'who computes: our WebAssembly kernels, the reference in JavaScript, or Node')
    .choices(Object.keys(PROVIDERS))
    .default('kernels' satisfies ProviderName)
}

export function findProvider(name: ProviderName): Provider {
  return PROVIDERS[name]()
}
