/** `--provider`: who computes. */

import type { Provider } from '@softkms/hsm'
import { Option } from 'commander'
import { PROVIDERS, type ProviderName } from './providers.ts'

export function providerOption(): Option {
  return new Option('--provider <name>', 'who computes: our WebAssembly kernels, the reference in JavaScript, or Node')
    .choices([...PROVIDERS.keys()])
    .default('kernels' satisfies ProviderName)
}

export function findProvider(name: ProviderName): Provider {
  const create = PROVIDERS.get(name)
  if (create === undefined) throw new TypeError(`${name} is no provider`)
  return create()
}
