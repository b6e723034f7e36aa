/**
 * One request and its answer, node:http to wire and back. No `Request` or `Response` is built on this path.
 */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { AbortSignalLike } from '@softkms/kms'
import { BodyCollector } from '../body-collector.ts'
import { BodyAborted, splitTarget, type WireRequest, type WireResponse } from '../http-message.ts'
import { BODY_LIMIT_BYTES } from '../protocol/operation-request.ts'

/** How long the rest of a refused body is read and dropped before the connection ends. */
const LINGER_MS = 1000

const NO_VALUES: readonly string[] = []

/** Whether the client still waits: an abort signal without the cost of one. */
export class ClientPresence implements AbortSignalLike {
  aborted = false

  /** To be called when the connection under `response` has closed. */
  end(response: ServerResponse): void {
    this.aborted = !response.writableFinished
  }

  throwIfAborted(): void {
    if (this.aborted) throw new Error('The client went away')
  }
}

export function createWireRequest(
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignalLike,
): WireRequest {
  return {
    method: request.method ?? '',
    ...splitTarget(request.url ?? ''),
    headerNames: () => Object.keys(request.headersDistinct),
    headerValues: (name) => request.headersDistinct[name] ?? NO_VALUES,
    readBody(limitBytes) {
      if (request.headers.expect !== undefined) response.writeContinue()
      return readBody(request, limitBytes)
    },
    signal,
  }
}

function readBody(request: IncomingMessage, limitBytes: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const body = new BodyCollector(limitBytes)
    const settle = (settled: () => void): void => {
      request.off('data', onData)
      request.off('end', onEnd)
      request.off('close', onClose)
      settled()
    }
    const onData = (chunk: Uint8Array): void => {
      if (body.add(chunk)) return
      request.pause()
      settle(() => resolve(undefined))
    }
    const onEnd = (): void => settle(() => resolve(body.toBytes()))
    const onClose = (): void => settle(() => reject(new BodyAborted()))
    request.on('data', onData)
    request.on('end', onEnd)
    request.on('close', onClose)
    // An aborted upload is an error and then a close; the close is what is acted on.
    request.on('error', () => undefined)
  })
}

export function sendResponse(request: IncomingMessage, response: ServerResponse, answer: WireResponse): void {
  if (request.complete || isShort(request)) {
    response.writeHead(answer.status, withLength(answer))
    // As text it goes out with the head in one write; bytes would take a second call of the system.
    response.end(answer.body)
    return
  }
  sendAndLinger(request, response, answer)
}

function withLength({ status, headers, body }: WireResponse): OutgoingHttpHeaders {
  // A 204 has no body, so it has no length. @spec RFC 9110 §8.6
  return status === 204 ? headers : { ...headers, 'Content-Length': Buffer.byteLength(body) }
}

/** Node reads and drops an unread body after the answer; that is right only for one that is known to end soon. */
function isShort(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? Infinity) <= BODY_LIMIT_BYTES
}

/**
 * Answers while the client is still sending. Closing at once would reset the connection, and the client would lose
 * the answer with it; so the answer goes out whole, what still comes is dropped for a moment, and then it ends.
 */
function sendAndLinger(request: IncomingMessage, response: ServerResponse, answer: WireResponse): void {
  response.writeHead(answer.status, { ...withLength(answer), Connection: 'close' })
  response.write(answer.body)
  const timer = setTimeout(() => end(), LINGER_MS)
  const end = (): void => {
    clearTimeout(timer)
    response.end(() => request.destroy())
  }
  request.once('end', end)
  request.once('close', end)
  request.resume()
}
