/**
 * A client for the three operations that messages need, over AWS JSON 1.1, for any KMS endpoint.
 *
 * A request is for the Region of the key that it names. Without credentials requests go unsigned, which a local KMS
 * may accept; AWS will say that it does not. Nothing is tried a second time.
 */

import type { KeyService } from '@softkms/envelope'
import { systemClock } from '@softkms/kms'
import type { Credentials } from './credentials.ts'
import { type Place, awsEndpoint, regionOfKey } from './endpoint.ts'
import { signRequest } from './sign-request.ts'

const TIMEOUT_MS = 30_000

export interface KmsClientOptions extends Place {
  readonly credentials: Credentials | undefined
}

/** What a KMS, or the way to it, had to say. Messages never hold a request's or an answer's blobs. */
export class KmsRequestError extends Error {
  override readonly name = 'KmsRequestError'
  /** The name of the exception, such as `NotFoundException`; absent when no KMS answered. */
  readonly exception: string | undefined

  constructor(message: string, exception?: string) {
    super(exception === undefined ? message : [exception, message].filter((part) => part !== '').join(': '))
    this.exception = exception
  }
}

interface Request {
  readonly KeyId: string
  readonly [member: string]: unknown
}

export function createKmsClient(options: KmsClientOptions): KeyService {
  return {
    async generateDataKey(request) {
      const answer = await call(options, 'GenerateDataKey', request)
      return {
        ...readKeyId(answer),
        CiphertextBlob: readBlob(answer, 'CiphertextBlob'),
        Plaintext: readBlob(answer, 'Plaintext'),
      }
    },
    async encrypt(request) {
      const answer = await call(options, 'Encrypt', { ...request, Plaintext: encodeBlob(request.Plaintext) })
      return { ...readKeyId(answer), CiphertextBlob: readBlob(answer, 'CiphertextBlob') }
    },
    async decrypt(request) {
      const answer = await call(options, 'Decrypt', { ...request, CiphertextBlob: encodeBlob(request.CiphertextBlob) })
      return { ...readKeyId(answer), Plaintext: readBlob(answer, 'Plaintext') }
    },
  }
}

export type Answer = Readonly<Record<string, unknown>>

/** @throws KmsRequestError */
async function call(
  { endpoint, region: defaultRegion, credentials }: KmsClientOptions,
  operation: string,
  request: Request,
): Promise<Answer> {
  const region = regionOfKey(request.KeyId, defaultRegion)
  const url = endpoint ?? awsEndpoint(region)
  const body = JSON.stringify(request)
  const plain = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` }
  const headers =
    credentials === undefined
      ? plain
      : signRequest({ host: url.host, headers: plain, body }, { credentials, region }, systemClock.now())
  const { status, text } = await post(url, headers, body)
  return readAnswer(url, status, text)
}

/** @throws KmsRequestError for anything but a success */
export function readAnswer(url: URL, status: number, text: string): Answer {
  // Some operations answer with nothing at all.
  const answer = status === 200 && text === '' ? {} : parseObject(text)
  if (status === 200 && answer !== undefined) return answer
  throw answer === undefined
    ? new KmsRequestError(`${url.origin} answered with status ${status}, and not as a KMS does`)
    : new KmsRequestError(
        readText(answer, 'message') ?? readText(answer, 'Message') ?? '',
        readException(answer, status),
      )
}

async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new KmsRequestError(
      `cannot reach ${url.origin}: ${reason instanceof Error ? reason.message : String(reason)}`,
    )
  }
}

function parseObject(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Answer) : undefined
  } catch {
    return undefined
  }
}

/** Names may come with a namespace before them. */
function readException(answer: Answer, status: number): string {
  return readText(answer, '__type')?.split('#').at(-1) ?? `HTTP ${status}`
}

function readText(answer: Answer, member: string): string | undefined {
  const value = answer[member]
  return typeof value === 'string' ? value : undefined
}

function readKeyId(answer: Answer): { readonly KeyId: string | undefined } {
  return { KeyId: readText(answer, 'KeyId') }
}

function readBlob(answer: Answer, member: string): Uint8Array | undefined {
  const text = readText(answer, member)
  return text === undefined ? undefined : Uint8Array.from(Buffer.from(text, 'base64'))
}

function encodeBlob(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}
