/**
 * Instants as people and the AWS CLI write them: `2036-01-01`, `2036-01-01T12:00:00Z`.
 *
 * @spec RFC 3339 §5.6, with a date alone for its midnight in UTC; a time without offset is refused
 */

import type { Instant } from '@softkms/lifecycle'

const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,3})0*)?)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d)))?$/

/**
 * Seconds may be left out, and finer than milliseconds there may be nothing but zeros.
 *
 * @throws RangeError for anything else, and for days and times that no calendar has
 */
export function parseDateTime(text: string): Instant {
  const match = DATE_TIME.exec(text)
  if (match === null) throw malformed()
  const [, date, time = '00:00', seconds = '00', fraction = '', sign, hours = '0', minutes = '0'] = match
  const written = `${date}T${time}:${seconds}.${fraction.padEnd(3, '0')}Z`
  const local = Date.parse(written)
  // Parsers roll 30 February over into March, and 24:00 into the next day.
  if (Number.isNaN(local) || new Date(local).toISOString() !== written) throw malformed()
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000
  return sign === '-' ? local + offset : local - offset
}

function malformed(): RangeError {
  return new RangeError('an instant is written such as 2036-01-01 or 2036-01-01T12:00:00Z')
}
