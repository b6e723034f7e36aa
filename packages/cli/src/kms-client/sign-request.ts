/**
 * Signature Version 4 for the one kind of request that this client makes: a POST to `/` without a query.
 *
 * @spec AWS Signature Version 4, Create a signed AWS API request
 */

import { createHash, createHmac } from 'node:crypto'
import type { Credentials } from './credentials.ts'

const ALGORITHM = 'AWS4-HMAC-SHA256'
const SERVICE = 'kms'

export interface UnsignedRequest {
  /** Host and port as the `Host` header has them. */
  readonly host: string
  /** Names in lower case; `host` is not among them. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface SigningKey {
  readonly credentials: Credentials
  readonly region: string
}

/**
 * @param milliseconds since 1970
 * @returns the headers to send, all of them signed
 */
export function signRequest(
  { host, headers, body }: UnsignedRequest,
  { credentials, region }: SigningKey,
  milliseconds: number,
): Readonly<Record<string, string>> {
  const timestamp = new Date(milliseconds).toISOString().replace(/[-:]|\.\d+/g, '')
  const date = timestamp.slice(0, 8)
  const token = credentials.sessionToken
  const sent = { ...headers, 'x-amz-date': timestamp, ...(token !== undefined && { 'x-amz-security-token': token }) }

  const signed = Object.entries({ ...sent, host }).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const names = signed.map(([name]) => name).join(';')
  const lines = signed.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}\n`).join('')
  const canonicalRequest = ['POST', '/', '', lines, names, sha256(body)].join('\n')

  const scope = `${date}/${region}/${SERVICE}/aws4_request`
  const stringToSign = [ALGORITHM, timestamp, scope, sha256(canonicalRequest)].join('\n')
  const key = [date, region, SERVICE, 'aws4_request'].reduce<string | Uint8Array>(
    (secret, part) => hmac(secret, part),
    `AWS4${credentials.secretAccessKey}`,
  )
  const signature = Buffer.from(hmac(key, stringToSign)).toString('hex')
  const credential = `${credentials.accessKeyId}/${scope}`
  return {
    ...sent,
    authorization: `${ALGORITHM} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: string | Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest()
}
