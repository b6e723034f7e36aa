/** Where primitives and randomness come from, and who is told of the steps. */

import type { Entropy } from './entropy.ts'
import type { Provider } from './provider.ts'
import type { HsmTrace } from './trace.ts'

export interface Services {
  readonly provider: Provider
  readonly entropy: Entropy
  readonly trace?: HsmTrace | undefined
}
