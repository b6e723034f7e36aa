/**
 * One AWS JSON 1.1 request, from its headers to its answer.
 *
 * The order is the safety: method, path, target and content type are settled from the headers alone, then who asks, and
 * only then is a body read, within its limit. A signature covers the body as it came, so it is verified before the body
 * is unpacked and parsed. Where a request is not for any operation the answers are those recorded from AWS's front layer.
 *
 * @spec wire §1
 */
import { KmsError, operationShapes, type KmsService, type OperationShape } from '@softkms/kms'
import type { RequestTrail } from '../observe/request-report.ts'
import { BodyAborted, pathOf, singleHeader, type WireRequest, type WireResponse } from '../http-message.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { createJsonCodec, type JsonCodec } from './aws-json.ts'
import { type AuthenticationOptions, createAuthenticator } from './authentication.ts'
import { decodeContent, readCoding } from './content-coding.ts'
import { answerError, answerRefusal, answerWith } from './response.ts'

/** The longest request body that is read. */
export const BODY_LIMIT_BYTES = 1_048_576

const TARGET_PREFIX = 'TrentService.'
const CONTENT_TYPE = 'application/x-amz-json-1.1'

/** Told of a fault of which the client only learns that there was one. Must not throw. */
export type InternalErrorListener = (
  cause: unknown,
  request: { readonly operation: string; readonly requestId: string },
) => void

interface OperationCodec {
  readonly name: string
  readonly input: JsonCodec
  /** Absent for an operation that answers with an empty body. */
  readonly output: JsonCodec | undefined
}

/** @param trail is told what the request turns out to be */
export type OperationHandler = (request: WireRequest, requestId: string, trail?: RequestTrail) => Promise<WireResponse>

export interface OperationHandlerOptions extends AuthenticationOptions {
  readonly onInternalError?: InternalErrorListener | undefined
}

/**
 * Answers requests for the operations of the model. Never rejects.
 *
 * @throws TypeError, RangeError as `createAuthenticator`
 */
export function createOperationHandler(
  kms: KmsService,
  { onInternalError, ...whoAsks }: OperationHandlerOptions = {},
): OperationHandler {
  const admit = createAuthenticator(kms, whoAsks)
  const codecs = new Map<string, OperationCodec>()

  function codecOf(name: string): OperationCodec | undefined {
    const known = codecs.get(name)
    if (known !== undefined) return known
    if (!Object.hasOwn(operationShapes, name)) return undefined
    const codec = createCodec(name, operationShapes[name as keyof typeof operationShapes])
    codecs.set(name, codec)
    return codec
  }

  return async function handleOperation(request, requestId, trail = {}) {
    const misaddressed = checkAddress(request)
    if (misaddressed !== undefined) return answerRefusal(misaddressed, requestId)

    const target = singleHeader(request, 'x-amz-target') ?? ''
    const codec = target.startsWith(TARGET_PREFIX) ? codecOf(target.slice(TARGET_PREFIX.length)) : undefined
    if (codec === undefined) return answerRefusal(refuse(400, 'UnknownOperationException'), requestId)
    trail.operation = codec.name

    const coding = readCoding(request)
    if (coding === undefined) return answerRefusal(malformed(), requestId)

    try {
      const admitted = await admit(request)
      if (admitted.refusal !== undefined) return answerRefusal(admitted.refusal, requestId)
      const declaredLength = Number(singleHeader(request, 'content-length') ?? 0)
      const sent = declaredLength > BODY_LIMIT_BYTES ? undefined : await request.readBody(BODY_LIMIT_BYTES)
      if (sent === undefined) return answerRefusal(tooLarge(), requestId)
      const identified = admitted.identify(sent)
      if (identified.refusal !== undefined) return answerRefusal(identified.refusal, requestId)
      trail.caller = identified.caller
      const body = await decodeContent(sent, coding, BODY_LIMIT_BYTES)
      if (!(body instanceof Uint8Array)) return answerRefusal(body === 'too long' ? tooLarge() : malformed(), requestId)
      const caller = { ...identified.caller, requestId, ...(request.signal && { signal: request.signal }) }
      const output = await kms.execute(codec.name, codec.input.decode(body), caller)
      return answerWith(codec.output?.encode(output) ?? '', requestId)
    } catch (error) {
      if (error instanceof BodyAborted) return answerRefusal(aborted(), requestId)
      // After the client has gone, an error is most likely its going, and nobody reads the answer.
      if (isInternal(error) && request.signal?.aborted !== true) {
        onInternalError?.(error, { operation: codec.name, requestId })
      }
      return answerError(error, requestId)
    }
  }
}

function isInternal(error: unknown): boolean {
  return !(error instanceof KmsError) || error.code === 'KMSInternalException'
}

/** Whether the request can be for an operation at all. `undefined` when it can. */
function checkAddress(request: WireRequest): Refusal | undefined {
  if (pathOf(request.target) !== '/') return refuse(404, 'UnknownOperationException')
  if (request.method !== 'POST' || request.headerValues('x-amz-target').length === 0) {
    if (request.method === 'POST' && isAwsJson(request)) return refuse(400, 'UnknownOperationException')
    return refuse(403, 'AccessDeniedException', 'Unable to determine service/operation name to be authorized')
  }
  if (!isAwsJson(request)) {
    return refuse(404, 'UnknownOperationException', `Content-Type must be ${CONTENT_TYPE}`)
  }
  return undefined
}

/** Parameters of the media type, such as a charset, are of no account. */
function isAwsJson(request: WireRequest): boolean {
  const [mediaType = ''] = (singleHeader(request, 'content-type') ?? '').split(';', 1)
  return mediaType.trim().toLowerCase() === CONTENT_TYPE
}

function tooLarge(): Refusal {
  const message = `HTTP content length exceeded ${BODY_LIMIT_BYTES} bytes.`
  return refuse(413, 'RequestEntityTooLargeException', message)
}

/** What AWS's list of common errors says of a body that cannot be unpacked, and of one that never comes. */
function malformed(): Refusal {
  return refuse(400, 'MalformedHttpRequestException', 'The request body could not be decoded by its Content-Encoding.')
}

function aborted(): Refusal {
  return refuse(400, 'RequestAbortedException', 'The request was aborted before its body was whole.')
}

function createCodec(name: string, shape: OperationShape): OperationCodec {
  return {
    name,
    input: createJsonCodec(shape.input),
    output: shape.output && createJsonCodec(shape.output),
  }
}
