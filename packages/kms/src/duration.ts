/**
 * Lengths of time as people write them: `30d`, `1h30m`, `10y`.
 *
 * Every unit has one fixed length, so that a duration means the same whenever it begins: a day is 24 hours, and a year
 * is 365 days, as the days of rotation periods and waiting periods are counted. There are no months.
 */

/** The units, longest first, in milliseconds. */
const UNITS = [
  ['y', 31_536_000_000],
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const

const DURATION = new RegExp(`^${UNITS.map(([unit]) => `(?:([0-9]+)${unit})?`).join('')}$`)

/**
 * Whole numbers with units, longest unit first, each unit at most once, nothing between them.
 *
 * @returns milliseconds
 * @throws RangeError for anything else, and for more milliseconds than a number counts exactly
 */
export function parseDuration(text: string): number {
  const amounts = text === '' ? undefined : DURATION.exec(text)?.slice(1)
  if (amounts === undefined) {
    throw new RangeError('a duration is written such as 30d, 1h30m or 10y, with the units y, w, d, h, m, s and ms')
  }
  const ms = UNITS.reduce((sum, [, unitMs], index) => sum + Number(amounts[index] ?? 0) * unitMs, 0)
  if (!Number.isSafeInteger(ms)) throw new RangeError('a duration this long cannot be counted in milliseconds')
  return ms
}
