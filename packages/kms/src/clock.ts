/** The one place where the engine learns the time. */

import type { Instant } from '@softkms/lifecycle'

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. Never goes back. */
  now(): Instant
}

export const systemClock: Clock = { now: () => Date.now() }
