/** Time as the life of a key sees it: a number handed in, never a clock. */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

export const DAY_MS: number = 86_400_000

export function addDays(instant: Instant, days: number): Instant {
  return instant + days * DAY_MS
}

/**
 * A number of days that a command may ask for. A key's material depends on it: no day, or none that is a number, would
 * make a deletion due at once.
 *
 * @throws RangeError naming the argument
 */
export function assertDays(name: string, days: number, least: number, most: number): void {
  if (Number.isSafeInteger(days) && days >= least && days <= most) return
  throw new RangeError(`${name} must be ${least} to ${most}`)
}
