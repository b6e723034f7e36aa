/**
 * When a request was signed, and for how long that is good.
 *
 * @spec SigV4 (X-Amz-Date, X-Amz-Expires); RFC 9110 §5.6.7
 */
import { singleHeader, type WireRequest } from '../../http-message.ts'
import { incomplete, invalid, type Refused } from './faults.ts'
import type { PresentedSignature } from './presented-signature.ts'

export interface SigningTime {
  readonly refusal?: never
  readonly milliseconds: number
  /** As in the string to sign: `20260102T030405Z`. */
  readonly timestamp: string
  /** The header that says it and so must be signed; `undefined` when the query does. */
  readonly header: 'x-amz-date' | 'date' | undefined
}

const BASIC_FORMAT = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/
/** As HTTP has it, or with the zone of mail, as botocore writes it. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|[+-]0000)$/

const NO_DATE = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
const NOT_BASIC = "Date must be in ISO-8601 'basic format'. See http://en.wikipedia.org/wiki/ISO_8601"

/** A week: a signing key is good no longer. */
const MAX_EXPIRES_SECONDS = 604_800

export function readSigningTime(request: WireRequest, { form, query }: PresentedSignature): SigningTime | Refused {
  if (form === 'query') return toSigningTime(query.get('X-Amz-Date') ?? '', undefined)
  const header = request.headerValues('x-amz-date').length > 0 ? 'x-amz-date' : 'date'
  const values = request.headerValues(header)
  if (values.length === 0) return incomplete(NO_DATE)
  return toSigningTime(singleHeader(request, header) ?? '', header)
}

function toSigningTime(text: string, header: SigningTime['header']): SigningTime | Refused {
  const milliseconds = header === 'date' && HTTP_DATE.test(text) ? Date.parse(text) : parseTimestamp(text)
  if (Number.isNaN(milliseconds)) return incomplete(NOT_BASIC)
  const timestamp = formatTimestamp(milliseconds)
  // The 31st of February is parsed as a day of March.
  return BASIC_FORMAT.test(text) && timestamp !== text ? incomplete(NOT_BASIC) : { milliseconds, timestamp, header }
}

/** @returns NaN for another format, and for some of the instants that do not exist */
function parseTimestamp(text: string): number {
  const [, year, month, day, hour, minute, second] = BASIC_FORMAT.exec(text) ?? []
  if (year === undefined) return Number.NaN
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

function formatTimestamp(milliseconds: number): string {
  const iso = new Date(milliseconds).toISOString()
  const date = iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8, 10)
  return `${date}T${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`
}

/**
 * Whether a signature may be used now. The texts are AWS's, who ends them with what was reckoned.
 *
 * @param maxSkewMs how far the two clocks may be apart, and how long a signature without `X-Amz-Expires` is good
 * @returns `undefined` when it may
 */
export function judgeTime(
  { milliseconds, timestamp }: SigningTime,
  { query }: PresentedSignature,
  now: number,
  maxSkewMs: number,
): Refused | undefined {
  const expires = query.get('X-Amz-Expires')
  const lifeMs = expires === undefined ? maxSkewMs : parseExpires(expires)
  if (typeof lifeMs !== 'number') return lifeMs
  if (milliseconds < now - lifeMs) {
    const limit = `${formatTimestamp(now - lifeMs)} (${formatTimestamp(now)} - ${formatSpan(lifeMs)})`
    return invalid(`Signature expired: ${timestamp} is now earlier than ${limit}`)
  }
  if (milliseconds > now + maxSkewMs) {
    const limit = `${formatTimestamp(now + maxSkewMs)} (${formatTimestamp(now)} + ${formatSpan(maxSkewMs)})`
    return invalid(`Signature not yet current: ${timestamp} is still later than ${limit}`)
  }
  return undefined
}

function parseExpires(text: string): number | Refused {
  if (!/^\d{1,9}$/.test(text)) return incomplete('X-Amz-Expires should be a number')
  if (Number(text) > MAX_EXPIRES_SECONDS) {
    return incomplete(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ' +
        `${MAX_EXPIRES_SECONDS} seconds`,
    )
  }
  return Number(text) * 1000
}

function formatSpan(milliseconds: number): string {
  const seconds = milliseconds / 1000
  return seconds % 60 === 0 ? `${seconds / 60} min.` : `${seconds} sec.`
}
