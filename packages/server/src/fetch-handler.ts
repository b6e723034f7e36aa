/**
 * The fetch door: `Request` in, `Response` out, for Deno, Bun, workers, service workers and any router that speaks
 * the Fetch standard.
 */
import type { KmsService } from '@softkms/kms'
import { BodyCollector } from './body-collector.ts'
import { createWireHandler, type HandlerOptions } from './handler.ts'
import { BodyAborted, type WireRequest, type WireResponse } from './http-message.ts'

const encoder: TextEncoder = new TextEncoder()

/**
 * @param options who may call; a page or a Host that is not named there is refused
 * @returns a handler that answers every request and never rejects; it consumes the request's body
 * @throws TypeError when `allowedHosts` or `corsOrigins` hold something else than host names and origins, or when the
 * control token cannot be one
 */
export function createFetchHandler(
  kms: KmsService,
  options: HandlerOptions = {},
): (request: Request) => Promise<Response> {
  const handle = createWireHandler(kms, options)
  return async (request) => toResponse(await handle(toWireRequest(request)))
}

function toWireRequest(request: Request): WireRequest {
  const url = new URL(request.url)
  return {
    method: request.method,
    target: url.pathname + url.search,
    headerNames: () => [...request.headers.keys()],
    // Fetch joins the values of a repeated header with commas; such a Host or target is then simply not ours.
    headerValues(name) {
      const value = request.headers.get(name) ?? (name === 'host' ? url.host : null)
      return value === null ? [] : [value]
    },
    readBody: (limitBytes) => readStream(request.body, limitBytes),
    signal: request.signal,
  }
}

/**
 * @returns `undefined` once the stream proves longer than `limitBytes`; the rest is then cancelled, not read
 * @throws BodyAborted when the stream breaks off
 */
async function readStream(
  stream: ReadableStream<Uint8Array> | null,
  limitBytes: number,
): Promise<Uint8Array | undefined> {
  if (stream === null) return new Uint8Array(0)
  const reader = stream.getReader()
  const body = new BodyCollector(limitBytes)
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (!body.add(part.value)) {
        await reader.cancel()
        return undefined
      }
    }
  } catch (cause) {
    throw new BodyAborted({ cause })
  }
  return body.toBytes()
}

function toResponse(response: WireResponse): Response {
  const now = new Date().toUTCString()
  // A 204 has no body at all, not even an empty one, and no length.
  if (response.status === 204) return new Response(null, { status: 204, headers: { ...response.headers, Date: now } })
  const body = encoder.encode(response.body)
  const headers = { ...response.headers, 'Content-Length': String(body.length), Date: now }
  return new Response(body, { status: response.status, headers })
}
