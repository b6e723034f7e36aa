/**
 * A clock that is turned by hand, so that ten years pass in a millisecond.
 *
 * It stands still, or it runs on with another clock. It never goes back, and it stops at the end of the year 9999:
 * clients in some languages read no later date, and whatever a key schedules from there still fits a `Date`.
 */

import type { Instant } from '@softkms/lifecycle'
import type { Clock } from './clock.ts'
import { parseDuration } from './duration.ts'

export interface VirtualClock extends Clock {
  /**
   * Moves the time on.
   *
   * @param duration whole milliseconds, or text such as `30d`, `1h30m` or `10y`; a year is 365 days
   * @throws RangeError for anything else, a negative number included, and for a time beyond the year 9999
   */
  advance(duration: number | string): void

  /**
   * Moves the time on to an instant.
   *
   * @throws RangeError for an earlier time than it is, and for one beyond the year 9999
   */
  advanceTo(instant: Date | Instant): void
}

export interface VirtualClockOptions {
  /** The time at first: 2030-01-01T00:00:00Z, or that of the clock in `ticking`. Not before 1970. */
  readonly start?: Date | Instant | undefined
  /** A clock to run on with, such as `systemClock`. Without one, the time stands still until it is moved. */
  readonly ticking?: Clock | undefined
}

/** Where a clock starts that stands still: the same instant in every run of a test. */
const DEFAULT_START: Instant = Date.UTC(2030, 0, 1)

const LAST: Instant = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

const STOPPED: Clock = { now: () => 0 }

/** @throws RangeError for a `start` that is no whole millisecond of the years 1970 to 9999 */
export function virtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const driver = options.ticking ?? STOPPED
  const start = options.start ?? (options.ticking === undefined ? DEFAULT_START : Math.floor(driver.now()))
  let latest = toInstant('start', start)
  let offset = latest - driver.now()

  function now(): Instant {
    // Where the driving clock goes back, this one waits for it.
    latest = Math.max(latest, Math.min(Math.floor(driver.now() + offset), LAST))
    return latest
  }

  function moveTo(name: string, instant: Instant): void {
    if (instant < now()) throw new RangeError(`${name}: a clock never goes back`)
    latest = instant
    offset = instant - driver.now()
  }

  return {
    now,
    advance(duration) {
      const ms = typeof duration === 'string' ? parseDuration(duration) : duration
      if (!Number.isSafeInteger(ms)) throw new RangeError('duration must be whole milliseconds')
      moveTo('duration', toInstant('duration', now() + ms))
    },
    advanceTo(instant) {
      moveTo('instant', toInstant('instant', instant))
    },
  }
}

function toInstant(name: string, time: Date | Instant): Instant {
  const instant = typeof time === 'number' ? time : time.getTime()
  if (!Number.isSafeInteger(instant)) throw new RangeError(`${name} must be a valid Date or whole milliseconds`)
  if (instant < 0 || instant > LAST) throw new RangeError(`${name}: a clock shows the years 1970 to 9999`)
  return instant
}
