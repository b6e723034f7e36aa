/**
 * Whether a request is signed by whom it says: Signature Version 4, from the headers to the caller.
 *
 * In the order in which AWS's services answer: what is missing, when it was signed, what is covered, the scope, the
 * access key, and all of that before a body is read; then the signature; and only of whoever could sign, the session
 * token. A request may be sent again as long as its signature is good, as to AWS: the skew is the only bound.
 *
 * @spec SigV4; wire §4 (signature layer)
 */
import { equalBytes, type HashPrimitives, type MacPrimitives, nobleProvider } from '@softkms/hsm'
import { type Clock, parsePrincipal, systemClock } from '@softkms/kms'
import { type Credentials, type KnownCredential } from '../../credentials/credentials.ts'
import { singleHeader, type WireRequest } from '../../http-message.ts'
import { regionOfEndpoint } from '../../middleware/host.ts'
import type { Authenticator, Identified } from '../authentication.ts'
import { formatStringToSign, type SignedRequest } from './canonical-request.ts'
import { parseCredential } from './credential.ts'
import { EXPIRED_TOKEN, MISMATCH, MISSING_TOKEN, type Refused, UNRECOGNIZED } from './faults.ts'
import { readSignature } from './presented-signature.ts'
import { readSignedHeaders } from './signed-headers.ts'
import { SigningKeys } from './signing-keys.ts'
import { judgeTime, readSigningTime } from './signing-time.ts'

export interface SigV4Options {
  /** Whose signatures are good, and who they are. */
  readonly credentials: Credentials
  /** Against which signatures and session tokens expire; the system's when absent. */
  readonly clock?: Clock | undefined
  /** How far a client's clock may be off, in whole seconds' milliseconds; 5 minutes when absent, as AWS has it. */
  readonly maxSkewMs?: number | undefined
}

const MAX_SKEW_MS = 300_000

const encoder: TextEncoder = new TextEncoder()

/** @throws RangeError for a skew that is not a positive number of whole seconds */
export function createVerifier({
  credentials,
  clock = systemClock,
  maxSkewMs = MAX_SKEW_MS,
}: SigV4Options): Authenticator {
  if (!Number.isSafeInteger(maxSkewMs / 1000) || maxSkewMs <= 0) {
    throw new RangeError('auth.maxSkewMs must be a positive number of whole seconds')
  }
  const primitives: HashPrimitives & MacPrimitives = nobleProvider
  const keys = new SigningKeys(primitives)

  return async function admit(request) {
    const signed = readSigned(request, Math.floor(clock.now()), maxSkewMs)
    if ('refusal' in signed) return signed
    const known = await credentials.find(signed.credential.accessKeyId)
    if (known === undefined) return UNRECOGNIZED
    return {
      identify(body) {
        const message = formatStringToSign(signed, body, primitives)
        if (message === undefined) return MISMATCH
        const signature = keys.get(signed.credential, known.secretAccessKey).compute(message)
        if (!equalBytes(signature, decodeSignature(signed.presented.signature))) return MISMATCH
        return judgeToken(signed, known, clock.now()) ?? identify(signed, known)
      },
    }
  }
}

/** Everything that the headers alone can say against a request. */
function readSigned(request: WireRequest, now: number, maxSkewMs: number): SignedRequest | Refused {
  const presented = readSignature(request)
  const isOtherScheme = request.headerValues('authorization').some((value) => !value.trim().startsWith('AWS4-'))
  if (presented === undefined || isOtherScheme) return MISSING_TOKEN
  if (presented.refusal !== undefined) return presented
  const time = readSigningTime(request, presented)
  if (time.refusal !== undefined) return time
  const untimely = judgeTime(time, presented, now, maxSkewMs)
  if (untimely !== undefined) return untimely
  const headers = readSignedHeaders(presented.signedHeaders, request, time)
  if (headers.refusal !== undefined) return headers
  const credential = parseCredential(presented, {
    date: time.timestamp.slice(0, 8),
    region: regionOfEndpoint(singleHeader(request, 'host') ?? ''),
  })
  if (credential.refusal !== undefined) return credential
  return { request, presented, credential, time, signedHeaders: headers.names }
}

/** @returns no bytes for what is not 32 of them in lower-case hexadecimal, which then equal no signature */
function decodeSignature(text: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(text)) return new Uint8Array(0)
  const signature = new Uint8Array(32)
  for (let at = 0; at < 32; at += 1) signature[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16)
  return signature
}

function judgeToken({ request, presented }: SignedRequest, known: KnownCredential, now: number): Refused | undefined {
  const values =
    presented.form === 'query'
      ? [presented.query.get('X-Amz-Security-Token')].filter((value) => value !== undefined)
      : request.headerValues('x-amz-security-token')
  const [token] = values
  const { sessionToken, expiration } = known
  if (values.length > 1 || (token === undefined) !== (sessionToken === undefined)) return UNRECOGNIZED
  if (!equalBytes(encoder.encode(token ?? ''), encoder.encode(sessionToken ?? ''))) return UNRECOGNIZED
  return expiration !== undefined && expiration.getTime() <= now ? EXPIRED_TOKEN : undefined
}

function identify({ credential }: SignedRequest, { principal }: KnownCredential): Identified | Refused {
  const account = parsePrincipal(principal)?.account
  return account === undefined ? UNRECOGNIZED : { caller: { account, principal, region: credential.region } }
}
