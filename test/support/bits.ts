/** Byte strings that are almost the same as another. */

/** @param bit counts from the most significant bit of the first byte */
export function flipBit<Bytes extends Uint8Array>(bytes: Bytes, bit: number): Bytes {
  const flipped = bytes.slice() as Bytes
  flipped[bit >>> 3] = (flipped[bit >>> 3] ?? 0) ^ (0x80 >>> (bit & 7))
  return flipped
}

/** The bytes with one of their bits flipped, once for each bit. */
export function eachBitFlipped<Bytes extends Uint8Array>(bytes: Bytes): readonly Bytes[] {
  return Array.from({ length: bytes.length * 8 }, (_, bit) => flipBit(bytes, bit))
}

/** The bytes without one of their bytes, once for each; then cut off at each place; then with one more at each place. */
export function eachLengthChanged<Bytes extends Uint8Array>(bytes: Bytes): readonly Bytes[] {
  const at = Array.from(bytes, (_, i) => i)
  const shorter = at.flatMap((i) => [splice(bytes, i, 1), bytes.slice(0, i), bytes.slice(i + 1)])
  const longer = [...at, bytes.length].flatMap((i) => [splice(bytes, i, 0, 0), splice(bytes, i, 0, bytes[i] ?? 0xff)])
  return [...shorter, ...longer] as unknown as readonly Bytes[]
}

function splice(bytes: Uint8Array, at: number, removed: number, ...added: readonly number[]): Uint8Array {
  return Uint8Array.from([...bytes].toSpliced(at, removed, ...added))
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'))
}
