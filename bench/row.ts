/** One measurement, as it is printed and as `--json` writes it. */

import type { ProviderName } from './providers.ts'

export interface Row {
  readonly level: 'primitive' | 'decision' | 'signature' | 'engine' | 'http'
  readonly name: string
  readonly provider: ProviderName | 'softhsm2'
  /** Median. */
  readonly opsPerSecond: number
  /** Median absolute deviation, as a share of the median. */
  readonly spread: number
  /** What AWS documents for the operation, per second. */
  readonly documentedRate?: number
}

/** What a subject hands to the runner: one operation, proven right before it is timed. */
export interface Subject {
  readonly name: string
  readonly documentedRate?: number
  /** For operations that take seconds. */
  readonly minSamples?: number
  /** How many operations one run performs, where only all of them together are representative. Default: one. */
  readonly operations?: number
  /** Performs the operation once and throws when its answer is wrong. Not timed. */
  readonly check: () => Promise<void>
  /** Performs the operation once, or `operations` times. Timed. */
  readonly run: () => Promise<unknown>
}
