/**
 * The credential of a signature: an access key id, and the scope in which it was used.
 *
 * @spec SigV4 credential scope
 */
import { isRegion } from '@softkms/kms'
import { incomplete, invalid, type Refused } from './faults.ts'

export const ALGORITHM = 'AWS4-HMAC-SHA256'
export const SERVICE = 'kms'
export const TERMINATOR = 'aws4_request'

export interface Credential {
  readonly refusal?: never
  readonly accessKeyId: string
  /** As in the scope, of whatever form. */
  readonly date: string
  readonly region: string
}

export interface Expectation {
  /** The day of the signature, `YYYYMMDD`; any when absent. */
  readonly date?: string | undefined
  /** The Region that the endpoint's name says; any when absent. */
  readonly region?: string | undefined
}

export function parseCredential(
  { algorithm, credential }: { readonly algorithm: string; readonly credential: string },
  expected: Expectation = {},
): Credential | Refused {
  if (algorithm !== ALGORITHM) return incomplete(`Unsupported AWS 'algorithm': only ${ALGORITHM} for now.`)
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split('/')
  if (!accessKeyId || !date || region === undefined || terminator === undefined || rest.length > 0) {
    return incomplete('Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.')
  }
  const faults: string[] = []
  if (!isRegion(region) || region !== (expected.region ?? region)) {
    faults.push('Credential should be scoped to a valid region.')
  }
  if (service !== SERVICE) faults.push(`Credential should be scoped to correct service: '${SERVICE}'.`)
  if (terminator !== TERMINATOR) faults.push(`Credential should be scoped with a valid terminator: '${TERMINATOR}'.`)
  if (date !== (expected.date ?? date)) {
    faults.push('Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.')
  }
  return faults.length > 0 ? invalid(faults.join(' ')) : { accessKeyId, date, region }
}
