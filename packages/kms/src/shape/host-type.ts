/**
 * Whether a value from outside is of the JavaScript type that a shape stands for.
 *
 * Blobs, times and objects of another realm (a `vm` context, a frame, a test runner's sandbox) are what they are here
 * too; nothing that a caller can put on an object makes it pass for one of them.
 */

/** Text that has a UTF-8 form: half a surrogate pair would become another character further down. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && !LONE_SURROGATE.test(value)
}

const LONE_SURROGATE = /\p{Surrogate}/u

/** A 32-bit integer, as Smithy's `integer` is. */
export function isInteger(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

export function isBytes(value: unknown): value is Uint8Array {
  return typedArrayName?.get?.call(value) === 'Uint8Array'
}

/** The language's own getter, which tells what a typed array is, whatever its realm, and is undefined for all else. */
const typedArrayName: PropertyDescriptor | undefined = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)

/** A `Date` that holds a time. */
export function isTime(value: unknown): value is Date {
  try {
    return !Number.isNaN(Date.prototype.getTime.call(value as Date))
  } catch {
    return false
  }
}

/** An object made by a literal, by JSON, or without a prototype; no array, no instance of a class. */
export function isPlainObject(value: unknown): value is { readonly [name: string]: unknown } {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}
