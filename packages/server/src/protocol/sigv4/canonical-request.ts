/**
 * What is signed: the canonical request and the string to sign, as bytes of their text.
 *
 * The path is always `/`: no other reaches an operation. The payload's hash is always that of the body that came;
 * `UNSIGNED-PAYLOAD` and streaming signatures are S3's and have no place here.
 *
 * @spec SigV4 create a canonical request, create a string to sign
 */
import type { HashPrimitives } from '@softkms/hsm'
import { singleHeader, type WireRequest } from '../../http-message.ts'
import { formatCanonicalQuery } from './canonical-query.ts'
import { ALGORITHM, type Credential, SERVICE, TERMINATOR } from './credential.ts'
import { type PresentedSignature, queryOf } from './presented-signature.ts'
import { formatCanonicalHeaders } from './signed-headers.ts'
import type { SigningTime } from './signing-time.ts'

export interface SignedRequest {
  readonly request: WireRequest
  readonly presented: PresentedSignature
  readonly credential: Credential
  readonly time: SigningTime
  readonly signedHeaders: readonly string[]
}

const encoder: TextEncoder = new TextEncoder()

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * @returns `undefined` when nothing can have been signed: the query is not one, or the request declares another hash
 * than its body has
 */
export function formatStringToSign(
  { request, presented, credential, time, signedHeaders }: SignedRequest,
  body: Uint8Array,
  hashes: HashPrimitives,
): Uint8Array | undefined {
  const unsigned = presented.form === 'query' ? 'X-Amz-Signature' : undefined
  const query = formatCanonicalQuery(queryOf(request.target), unsigned)
  const payloadHash = toHex(hashes.digest('SHA-256', body))
  if (query === undefined || !declares(request, payloadHash)) return undefined
  const canonicalRequest = [
    request.method,
    '/',
    query,
    formatCanonicalHeaders(signedHeaders, request),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n')
  const scope = [credential.date, credential.region, SERVICE, TERMINATOR].join('/')
  const hash = toHex(hashes.digest('SHA-256', encoder.encode(canonicalRequest)))
  return encoder.encode([ALGORITHM, time.timestamp, scope, hash].join('\n'))
}

/** The header is optional; it must not say something else than the signature. */
function declares(request: WireRequest, payloadHash: string): boolean {
  return (
    request.headerValues('x-amz-content-sha256').length === 0 ||
    singleHeader(request, 'x-amz-content-sha256') === payloadHash
  )
}

function toHex(bytes: Uint8Array): string {
  let hex = ''
  for (const byte of bytes) hex += HEX[byte] ?? ''
  return hex
}
