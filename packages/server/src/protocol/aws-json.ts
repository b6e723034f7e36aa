/**
 * AWS JSON 1.1 bodies, bytes to values and back, for one structure of the model at a time.
 *
 * Owns no constraint of the model: a missing required member, a bad length or an unknown enumeration value is the
 * engine's to refuse. Built once per shape and then called for every request.
 *
 * @spec wire §1
 */
import type { StructureShape } from '@softkms/kms'
import { createDecoder, createEncoder, serializationError, type Json } from './json-shape.ts'

export interface JsonCodec {
  /**
   * Members that the shape does not have are ignored, `null` counts as absent, and nothing else is forgiven.
   *
   * @throws KmsError `SerializationException`
   */
  decode(body: Uint8Array): { [name: string]: unknown }
  /** Members that are absent, or that the shape does not have, are left out. */
  encode(value: object): string
}

// A byte order mark is not JSON, so it is kept for the parser to refuse.
const utf8: TextDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function createJsonCodec(shape: StructureShape): JsonCodec {
  const decodeStructure = createDecoder(shape)
  const encodeStructure = createEncoder(shape)
  return {
    decode(body) {
      const json = parseJson(body)
      // A body that is no object at all gets no message; only a list does, as recorded.
      if (json === null || typeof json !== 'object') throw serializationError()
      return decodeStructure(json) as { [name: string]: unknown }
    },
    encode: (value) => JSON.stringify(encodeStructure(value)),
  }
}

/** An empty body is malformed too: AWS answers it as it answers `{`. */
function parseJson(body: Uint8Array): Json {
  try {
    return JSON.parse(utf8.decode(body)) as Json
  } catch {
    throw serializationError()
  }
}
