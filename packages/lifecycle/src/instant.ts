/** Time as the life of a key sees it: a number handed in, never a clock. */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

export const DAY_MS: number = 86_400_000

export function addDays(instant: Instant, days: number): Instant {
  return instant + days * DAY_MS
}
