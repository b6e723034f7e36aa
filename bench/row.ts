/** One measurement, as it is printed and as `--json` writes it. */

import type { Rates } from '../packages/cli/src/bench/request-rates.ts'
import type { ProviderName } from '../packages/cli/src/providers.ts'

export type Level = 'primitive' | 'decision' | 'signature' | 'engine' | 'http'

/** Who is measured: a provider of ours, or something that does the same, to compare with. */
export type Contender = ProviderName | 'softhsm2' | 'bare' | 'local-kms' | 'moto'

export interface Row extends Rates {
  readonly level: Level
  readonly name: string
  readonly provider: Contender
  /** Median. */
  readonly opsPerSecond: number
  /** Median absolute deviation, as a share of the median. */
  readonly spread: number
}

/** One operation as one contender performs it. */
export interface Subject extends Rates {
  readonly name: string
  /** For what takes seconds: a few samples must do. */
  readonly isSlow?: boolean
  /** How many operations one run performs, where only all of them together are representative. Default: one. */
  readonly operations?: number
  /**
   * Makes ready, performs the operation and throws when its answer is wrong. Not timed.
   *
   * @returns what performs the operation, once or `operations` times. Timed.
   */
  readonly prepare: () => Run | Promise<Run>
}

export type Run = () => unknown

/** A subject and whose it is. */
export interface Entry {
  readonly provider: Contender
  readonly subject: Subject
}

export class WrongAnswerError extends Error {
  override readonly name = 'WrongAnswerError'
}

/** @throws WrongAnswerError */
export function assertRight(isRight: boolean, name: string): void {
  if (!isRight) throw new WrongAnswerError(`${name}: the answer is wrong, so it is not timed`)
}
