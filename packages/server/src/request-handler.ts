/**
 * The SDK door: what `new KMSClient({ requestHandler })` of AWS SDK for JavaScript v3 wants, with no socket behind it.
 *
 * The guard has no place here, because no page and no network can reach this door. Nothing is imported from the SDK:
 * the interfaces below are the part of `@smithy/types` that is used, written down structurally.
 */
import type { AbortSignalLike, KmsService } from '@softkms/kms'
import type { WireRequest, WireResponse } from './http-message.ts'
import { createOperationHandler, type OperationHandlerOptions } from './protocol/operation-request.ts'
import { createRequestId } from './protocol/request-id.ts'

/** The part of `@smithy/types` `HttpRequest` that is read. */
export interface SdkHttpRequest {
  readonly method: string
  readonly path: string
  readonly query?: { readonly [name: string]: string | string[] | null }
  readonly headers: { readonly [name: string]: string }
  /** A string or bytes; every operation of KMS has one of the two. */
  readonly body?: unknown
}

export interface SdkHttpResponse {
  readonly statusCode: number
  readonly headers: { [name: string]: string }
  readonly body: Uint8Array<ArrayBuffer>
}

/** The part of `AbortSignal` that is used; signals that only have `onabort` are served as well. */
export interface SdkAbortSignal {
  readonly aborted: boolean
  readonly reason?: unknown
  onabort?: unknown
  addEventListener?(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener?(type: 'abort', listener: () => void): void
}

export interface SdkHandlerOptions {
  readonly abortSignal?: SdkAbortSignal
  /** Milliseconds until the promise rejects with a `TimeoutError`; none when 0 or absent. */
  readonly requestTimeout?: number
}

export interface SdkRequestHandler {
  readonly metadata: { readonly handlerProtocol: string }
  handle(request: SdkHttpRequest, options?: SdkHandlerOptions): Promise<{ response: SdkHttpResponse }>
  /** There is nothing to configure: what the SDK passes on is dropped. */
  updateHttpClientConfig(key: never, value: never): void
  httpHandlerConfigs(): object
  destroy(): void
}

const encoder: TextEncoder = new TextEncoder()

export interface RequestHandlerOptions extends OperationHandlerOptions {}

/**
 * A request handler that answers from `kms` in the same process. The Region comes from the client's
 * credentials, as over HTTP, and so does the account when the access key is one; the caller is that of `kms` otherwise. It rejects with an `AbortError` when the client aborts, and otherwise always answers.
 */
export function requestHandler(kms: KmsService, options: RequestHandlerOptions = {}): SdkRequestHandler {
  const handleOperation = createOperationHandler(kms, options)
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, { abortSignal, requestTimeout } = {}) {
      const cancellation = new Cancellation(abortSignal, requestTimeout)
      try {
        cancellation.throwIfAborted()
        const answer = handleOperation(toWireRequest(request, cancellation), createRequestId())
        const response = await Promise.race([answer, cancellation.promise])
        return { response: toSdkResponse(response) }
      } finally {
        cancellation.release()
      }
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  }
}

/** The caller's wish to stop, from its signal or its time-out, whichever comes first. */
class Cancellation implements AbortSignalLike {
  aborted = false
  readonly promise: Promise<never>
  readonly #signal: SdkAbortSignal | undefined
  readonly #timer: ReturnType<typeof setTimeout> | undefined
  #reject: (error: Error) => void = () => undefined
  #error: Error | undefined

  constructor(signal: SdkAbortSignal | undefined, timeoutMs: number | undefined) {
    this.promise = new Promise((_resolve, reject) => {
      this.#reject = reject
    })
    // A cancellation that loses the race is nobody's unhandled rejection.
    this.promise.catch(() => undefined)
    this.#signal = signal
    if (signal?.aborted === true) this.#onAbort()
    else if (typeof signal?.addEventListener === 'function') signal.addEventListener('abort', this.#onAbort)
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's older signals have nothing else
    else if (signal !== undefined) signal.onabort = this.#onAbort
    if (timeoutMs) this.#timer = setTimeout(() => this.#cancel('TimeoutError', 'Request timed out'), timeoutMs)
  }

  throwIfAborted(): void {
    if (this.#error !== undefined) throw this.#error
  }

  release(): void {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener?.('abort', this.#onAbort)
  }

  #onAbort = (): void => this.#cancel('AbortError', 'Request aborted', this.#signal?.reason)

  #cancel(name: string, message: string, cause?: unknown): void {
    this.aborted = true
    this.#error = Object.assign(new Error(message, { cause }), { name })
    this.#reject(this.#error)
  }
}

function toWireRequest(request: SdkHttpRequest, signal: AbortSignalLike): WireRequest {
  const headers = new Map(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]))
  return {
    method: request.method,
    target: formatTarget(request),
    headerNames: () => [...headers.keys()],
    headerValues(name) {
      const value = headers.get(name)
      return value === undefined ? [] : [value]
    },
    async readBody(limitBytes) {
      const body = toBytes(request.body)
      return body.length > limitBytes ? undefined : body
    },
    signal,
  }
}

/** The SDK looks headers up by their lower-case names, as node:http gives them: an error's request id among them. */
function toSdkResponse({ status, headers, body }: WireResponse): SdkHttpResponse {
  const bytes = encoder.encode(body)
  const named = Object.entries({ ...headers, 'Content-Length': String(bytes.length), Date: new Date().toUTCString() })
  const lowerCase = Object.fromEntries(named.map(([name, value]) => [name.toLowerCase(), value]))
  return { statusCode: status, headers: lowerCase, body: bytes }
}

/** An endpoint of the SDK may have a path of its own; there is no other service behind it, so it is dropped. */
function formatTarget({ query = {} }: SdkHttpRequest): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) parameters.append(name, one)
  }
  return parameters.size === 0 ? '/' : `/?${parameters.toString()}`
}

function toBytes(body: unknown): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array(0)
  if (typeof body === 'string') return new TextEncoder().encode(body)
  if (body instanceof Uint8Array) return body
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
  if (body instanceof ArrayBuffer) return new Uint8Array(body)
  throw new TypeError('requestHandler: the request body must be a string or bytes')
}
