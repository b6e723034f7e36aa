/** A clock that stands still until a test moves it. */
import type { Clock } from '@softkms/kms'
import { DAY_MS, type Instant } from '@softkms/lifecycle'

export interface VirtualClock extends Clock {
  /** Moves the time on by whole milliseconds. */
  advance(ms: number): void
  advanceDays(days: number): void
  /** Moves the time on to an instant. @throws RangeError when that would be backwards */
  advanceTo(instant: Instant): void
}

/** 2030-01-01T00:00:00Z unless told otherwise. */
export function createVirtualClock(start: Instant = Date.UTC(2030, 0, 1)): VirtualClock {
  let now = start
  return {
    now: () => now,
    advance(ms) {
      this.advanceTo(now + ms)
    },
    advanceDays(days) {
      this.advanceTo(now + days * DAY_MS)
    },
    advanceTo(instant) {
      if (!(instant >= now)) throw new RangeError('a clock never goes back')
      now = instant
    },
  }
}
