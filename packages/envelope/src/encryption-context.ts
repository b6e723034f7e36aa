/**
 * One canonical byte form for an encryption context.
 *
 * The pairs are sorted by the UTF-8 bytes of their keys; each key and each value is preceded by its length in bytes
 * as four big-endian bytes. Two different contexts never share a form, and the empty one is the empty string, the
 * same as none at all. `docs/blob.md` specifies it.
 *
 * @spec KMS crypto-details §3
 */

import { decodeUtf8, encodeUtf8 } from './host.ts'
import { readNumber } from './message/field-writer.ts'

/** Keys and values are literal, case-sensitive text; order has no meaning. */
export type EncryptionContext = Readonly<Record<string, string>>

const EMPTY = new Uint8Array(0)
const LENGTH_LENGTH = 4
const LONE_SURROGATE = /\p{Surrogate}/u

/** Whether the context can be written as UTF-8: a lone surrogate cannot, and would become another character. */
export function isWellFormedContext(context: EncryptionContext): boolean {
  return Object.keys(context).every((key) => !LONE_SURROGATE.test(key) && !LONE_SURROGATE.test(context[key] ?? ''))
}

/**
 * Encodes a context; absent and empty are the same.
 *
 * @throws RangeError for a context that is not well formed
 * @throws TypeError for anything but an object of strings: a `Map` would pass for the empty context, and one object for
 * another
 */
export function encodeEncryptionContext(context: EncryptionContext | undefined): Uint8Array {
  if (context === undefined) return EMPTY
  assertEncryptionContext(context)

  const pairs = Object.keys(context).map((key) => [encodeUtf8(key), encodeUtf8(context[key] ?? '')] as const)
  pairs.sort(([a], [b]) => compareBytes(a, b))

  let length = 0
  for (const [key, value] of pairs) length += 2 * LENGTH_LENGTH + key.length + value.length
  const form = new Uint8Array(length)
  let at = 0
  for (const pair of pairs) {
    for (const text of pair) {
      writeLength(form, at, text.length)
      form.set(text, at + LENGTH_LENGTH)
      at += LENGTH_LENGTH + text.length
    }
  }
  return form
}

/**
 * @throws TypeError for anything but an object of strings
 * @throws RangeError for a context that is not well formed
 */
export function assertEncryptionContext(context: EncryptionContext): void {
  if (!isObjectOfStrings(context)) throw new TypeError('the encryption context must be an object of strings')
  if (!isWellFormedContext(context)) throw new RangeError('the encryption context holds a lone surrogate')
}

/** Which half of a pair is read, and whether its length or its text. */
export type ContextField = 'keyLength' | 'key' | 'valueLength' | 'value'

/**
 * The inverse of `encodeEncryptionContext`.
 *
 * @param visit is told of each field in order
 * @returns `undefined` for bytes that are the canonical form of no context
 */
export function decodeEncryptionContext(
  form: Uint8Array,
  visit?: (field: ContextField, length: number) => void,
): EncryptionContext | undefined {
  let at = 0
  const readText = (lengthField: ContextField, field: ContextField): string | undefined => {
    if (at + LENGTH_LENGTH > form.length) return undefined
    const start = at + LENGTH_LENGTH
    const end = start + readNumber(form.subarray(at, start))
    const text = end > form.length ? undefined : decodeUtf8(form.subarray(start, end))
    if (text === undefined) return undefined
    visit?.(lengthField, LENGTH_LENGTH)
    visit?.(field, end - start)
    at = end
    return text
  }

  const pairs: (readonly [string, string])[] = []
  while (at < form.length) {
    const key = readText('keyLength', 'key')
    const value = key === undefined ? undefined : readText('valueLength', 'value')
    if (key === undefined || value === undefined) return undefined
    pairs.push([key, value])
  }
  // Whatever is out of order or there twice is not what the encoder writes.
  const context = Object.fromEntries(pairs)
  const canonical = encodeEncryptionContext(context)
  const isCanonical = canonical.length === form.length && compareBytes(canonical, form) === 0
  return isCanonical ? context : undefined
}

function isObjectOfStrings(value: unknown): boolean {
  if (Object.prototype.toString.call(value) !== '[object Object]') return false
  return Object.values(value as object).every((one) => typeof one === 'string')
}

function writeLength(bytes: Uint8Array, at: number, length: number): void {
  bytes[at] = length >>> 24
  bytes[at + 1] = length >>> 16
  bytes[at + 2] = length >>> 8
  bytes[at + 3] = length
}

/** Orders byte strings as unsigned numbers, a shorter one before a longer that it begins. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
