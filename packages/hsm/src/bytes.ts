/** Small operations on byte strings that carry no secret of their own. */

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Compares in a time that depends on the lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

/** @throws RangeError for text that is not an even number of hexadecimal digits */
export function parseHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) throw new RangeError('text must be hexadecimal')
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16))
}

/**
 * Refuses what `Uint8Array.prototype.set` would quietly take for bytes: text becomes zeros, other arrays lose bits.
 *
 * @throws TypeError naming the argument, for anything but a `Uint8Array` of whatever realm
 */
export function assertBytes(name: string, value: unknown): asserts value is Uint8Array {
  if (typedArrayName?.get?.call(value) !== 'Uint8Array') throw new TypeError(`${name} must be a Uint8Array`)
}

/** The language's own getter: undefined for what is no typed array, and not to be deceived by a property. */
const typedArrayName: PropertyDescriptor | undefined = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)

/**
 * Gives memory back at once, where the runtime can. Left to the garbage collector, a hundred megabytes that nobody needs
 * any more stand around while a large file goes by: it counts the arrays, which are small, and not what they hold.
 *
 * @param bytes the caller's; empty afterwards, unless they are part of a larger buffer, which stays. Safe to call twice.
 */
export function releaseBytes(bytes: Uint8Array): void {
  if (bytes.length === 0 || bytes.length !== bytes.buffer.byteLength) return
  const buffer = bytes.buffer as { transfer?(length: number): unknown }
  buffer.transfer?.(0)
}
