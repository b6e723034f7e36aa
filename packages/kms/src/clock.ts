/** The one place where the engine learns the time. */

import type { Instant } from '@softkms/lifecycle'

export interface Clock {
  /**
   * Milliseconds since 1970-01-01T00:00:00Z; fractions are dropped. Should not go back: what had fallen due stays done,
   * and nothing falls due until the time has come around again.
   */
  now(): Instant
}

export const systemClock: Clock = { now: () => Date.now() }
