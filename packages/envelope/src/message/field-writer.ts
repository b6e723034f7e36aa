/** Puts the fields of a message together: big-endian numbers, and byte strings behind two bytes of length. */

const MAX_LENGTH = 0xffff

export type Field = Uint8Array | readonly Field[]

export function uint8(value: number): Uint8Array {
  return Uint8Array.of(value)
}

export function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff)
}

export function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

/**
 * A byte string behind its length in two bytes.
 *
 * @throws RangeError naming `what` for more than 65,535 bytes
 */
export function withLength(what: string, field: Field): Uint8Array {
  const bytes = joinFields(field)
  if (bytes.length > MAX_LENGTH) throw new RangeError(`${what} must be at most ${MAX_LENGTH} bytes`)
  return joinFields([uint16(bytes.length), bytes])
}

export function joinFields(field: Field): Uint8Array {
  if (ArrayBuffer.isView(field)) return field
  const parts = field.map(joinFields)
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Big-endian, as many bytes as there are, up to four. */
export function readNumber(bytes: Uint8Array): number {
  return bytes.reduce((number, byte) => number * 0x100 + byte, 0)
}
