/**
 * What a JSON value must be to fill a place of the model, in the words of AWS's own deserializer.
 *
 * The texts are those recorded from AWS JSON 1.1 services; no text ever repeats the value. KMS-specific recordings
 * do not exist, so three choices are ours: a number with a fraction is no integer (AWS appears to truncate it), nor is one
 * beyond 32 bits, a string is no boolean, and a null inside a map is refused, because an encryption context that quietly lost an
 * entry would bind less than its author wrote.
 */
import { KmsError, type Shape, type StructureShape } from '@softkms/kms'
import { decodeBase64, encodeBase64 } from './base64.ts'

/** What `JSON.parse` can answer. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

export type Convert<From, To> = (value: From) => To

const LIST_UNEXPECTED = 'Start of list found where not expected'
const OBJECT_UNEXPECTED = 'Start of structure or map found where not expected.'

/** Milliseconds either side of the epoch that a `Date` can hold. */
const DATE_LIMIT_MS = 8.64e15

export function serializationError(message = ''): KmsError {
  return new KmsError('SerializationException', message)
}

/** A function from the JSON form of `shape` to its value. `null` never reaches it: it means absent. */
export function createDecoder(shape: Shape): Convert<Json, unknown> {
  switch (shape.type) {
    case 'string':
      return decodeString
    case 'blob':
      return decodeBlob
    case 'integer':
      return decodeInteger
    case 'boolean':
      return decodeBoolean
    case 'timestamp':
      return decodeTimestamp
    case 'map':
      return decodeMap
    case 'list':
      return createListDecoder(createDecoder(shape.member))
    case 'structure':
      return createStructureDecoder(shape)
  }
}

/** A function from a value of `shape` to what `JSON.stringify` should be given. Members outside the shape are left out. */
export function createEncoder(shape: Shape): Convert<unknown, unknown> {
  switch (shape.type) {
    case 'blob':
      return encodeBlob
    case 'timestamp':
      return encodeTimestamp
    case 'list':
      return createListEncoder(createEncoder(shape.member))
    case 'structure':
      return createStructureEncoder(shape)
    case 'string':
    case 'integer':
    case 'boolean':
    case 'map':
      return keep
  }
}

/** A text may hold half a surrogate pair, which JSON can write: whether that can be meant is the engine's to say. */
function decodeString(value: Json): string {
  if (typeof value === 'string') return value
  throw mismatch(value, 'a String')
}

function decodeBlob(value: Json): Uint8Array {
  if (typeof value !== 'string') throw mismatch(value, 'a Blob')
  const bytes = decodeBase64(value)
  if (bytes !== undefined) return bytes
  const reason =
    value.length % 4 === 0
      ? 'Invalid Base64 character'
      : `Base64 encoded length is expected a multiple of 4 bytes but found: ${value.length}`
  throw serializationError(`STRING_VALUE can not be converted to a Blob: ${reason}`)
}

function decodeInteger(value: Json): number {
  if (typeof value === 'number' && (value | 0) === value) return value
  throw mismatch(value, 'an Integer')
}

function decodeBoolean(value: Json): boolean {
  if (typeof value === 'boolean') return value
  throw mismatch(value, typeof value === 'string' ? 'an Boolean' : 'a Boolean')
}

function decodeTimestamp(value: Json): Date {
  const ms = typeof value === 'number' ? Math.round(value * 1000) : Number.NaN
  if (Math.abs(ms) <= DATE_LIMIT_MS) return new Date(ms)
  throw mismatch(value, 'milliseconds since epoch')
}

/** The parsed object itself, once it is known to hold strings only: so any key is safe, `__proto__` too. */
function decodeMap(value: Json): object {
  if (typeof value !== 'object' || value === null) throw serializationError('Expected map or null')
  if (Array.isArray(value)) throw serializationError(LIST_UNEXPECTED)
  for (const text of Object.values(value)) {
    if (text === null) throw serializationError()
    decodeString(text)
  }
  return value
}

function createListDecoder(decodeMember: Convert<Json, unknown>): Convert<Json, unknown[]> {
  return (value) => {
    if (!Array.isArray(value)) {
      throw serializationError(isObject(value) ? OBJECT_UNEXPECTED : 'Expected list or null')
    }
    const list: unknown[] = []
    for (const member of value) if (member !== null) list.push(decodeMember(member))
    return list
  }
}

function createStructureDecoder(shape: StructureShape): Convert<Json, { [name: string]: unknown }> {
  const members = Object.entries(shape.members).map(([name, member]) => ({ name, decode: createDecoder(member.shape) }))
  return (value) => {
    if (Array.isArray(value)) throw serializationError(LIST_UNEXPECTED)
    if (!isObject(value)) throw serializationError('Expected null')
    const out: { [name: string]: unknown } = {}
    for (const { name, decode } of members) {
      const member = Object.hasOwn(value, name) ? value[name] : null
      if (member !== null && member !== undefined) out[name] = decode(member)
    }
    return out
  }
}

function encodeBlob(value: unknown): string {
  return encodeBase64(value as Uint8Array)
}

/** Epoch seconds; division by 1000 gives the shortest decimal that means this millisecond. */
function encodeTimestamp(value: unknown): number {
  return (value as Date).getTime() / 1000
}

function keep(value: unknown): unknown {
  return value
}

function createListEncoder(encodeMember: Convert<unknown, unknown>): Convert<unknown, unknown> {
  return (value) => (value as readonly unknown[]).map(encodeMember)
}

function createStructureEncoder(shape: StructureShape): Convert<unknown, unknown> {
  const members = Object.entries(shape.members).map(([name, member]) => ({ name, encode: createEncoder(member.shape) }))
  return (value) => {
    const source = value as { readonly [name: string]: unknown }
    const out: { [name: string]: unknown } = {}
    for (const { name, encode } of members) {
      const member = source[name]
      if (member !== undefined && member !== null) out[name] = encode(member)
    }
    return out
  }
}

function isObject(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mismatch(value: Json, wanted: string): KmsError {
  if (Array.isArray(value)) return serializationError(LIST_UNEXPECTED)
  if (isObject(value)) return serializationError(OBJECT_UNEXPECTED)
  const token =
    typeof value === 'string'
      ? 'STRING_VALUE'
      : typeof value === 'number'
        ? 'NUMBER_VALUE'
        : value
          ? 'TRUE_VALUE'
          : 'FALSE_VALUE'
  return serializationError(`${token} can not be converted to ${wanted}`)
}
