/**
 * Request bodies that come packed. SDKs pack them only where an API's model says so, and that of KMS does not, but HTTP
 * lets any client: one that does is understood. What is unpacked is bounded, so that a small body cannot become a large one.
 *
 * @spec RFC 9110 §8.4
 */
import { BodyCollector } from '../body-collector.ts'
import type { WireRequest } from '../http-message.ts'

/** Deflate packs 1,032 to 1 at most, and some runtimes unpack all that they are given at once. */
const SLICE_BYTES = 1024

export type Coding = 'identity' | 'gzip'

/** @returns `undefined` for a coding that is not known here, and for more than one */
export function readCoding(request: WireRequest): Coding | undefined {
  const values = request.headerValues('content-encoding')
  if (values.length === 0) return 'identity'
  const coding = values.join(',').trim().toLowerCase()
  if (coding === 'gzip' || coding === 'x-gzip') return 'gzip'
  return coding === 'identity' ? 'identity' : undefined
}

/**
 * @returns the body as it was before it was packed, `too long` as soon as it proves longer than `limitBytes`, or
 * `malformed` when it is not what its coding makes
 */
export async function decodeContent(
  body: Uint8Array,
  coding: Coding,
  limitBytes: number,
): Promise<Uint8Array | 'too long' | 'malformed'> {
  if (coding === 'identity') return body
  const gunzip = new DecompressionStream('gzip')
  // What is wrong with the body is told by the reading side, too.
  const feeding = feed(gunzip.writable.getWriter(), new Uint8Array(body)).catch(() => undefined)
  const unpacked = new BodyCollector(limitBytes)
  const reader = gunzip.readable.getReader()
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (!unpacked.add(part.value)) {
        await reader.cancel()
        return 'too long'
      }
    }
    await feeding
    return unpacked.toBytes()
  } catch {
    return 'malformed'
  }
}

async function feed(writer: WritableStreamDefaultWriter<BufferSource>, body: Uint8Array<ArrayBuffer>): Promise<void> {
  for (let at = 0; at < body.length; at += SLICE_BYTES) await writer.write(body.subarray(at, at + SLICE_BYTES))
  await writer.close()
}
