/** What is to be measured, and for how long. */

import type { ProviderName } from './providers.ts'

export interface BenchOptions {
  /** Milliseconds for each row. */
  readonly rowMs: number
  /** The beginning of key specs; engine and HTTP rows are not about specs, and stay. */
  readonly only: string
  readonly providers: readonly ProviderName[]
}
