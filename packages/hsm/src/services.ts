/** Where primitives and randomness come from. */

import type { Entropy } from './entropy.ts'
import type { Provider } from './provider.ts'

export interface Services {
  readonly provider: Provider
  readonly entropy: Entropy
}
