/**
 * Big-endian byte strings and bigints, eight bytes at a time.
 *
 * What becomes a bigint can no longer be zeroized: bigints are immutable, and the engine frees them when it likes.
 * Nothing here runs in a time that does not depend on the value's length.
 *
 * @spec RFC 8017 §4 (OS2IP, I2OSP)
 */

const WORD_LENGTH = 8
const WORD_BITS = 64n
const WORD_MASK = (1n << WORD_BITS) - 1n

export function bytesToNumber(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const headLength = bytes.length % WORD_LENGTH
  let number = 0n
  for (let i = 0; i < headLength; i++) number = (number << 8n) | BigInt(view.getUint8(i))
  for (let at = headLength; at < bytes.length; at += WORD_LENGTH) {
    number = (number << WORD_BITS) | view.getBigUint64(at)
  }
  return number
}

/**
 * @param number not negative, and below 256 to the power of `length`
 * @returns exactly `length` bytes
 */
export function numberToBytes(number: bigint, length: number): Uint8Array {
  const padding = (WORD_LENGTH - (length % WORD_LENGTH)) % WORD_LENGTH
  const padded = new Uint8Array(padding + length)
  const view = new DataView(padded.buffer)
  let rest = number
  for (let at = padded.length - WORD_LENGTH; at >= 0; at -= WORD_LENGTH) {
    view.setBigUint64(at, rest & WORD_MASK)
    rest >>= WORD_BITS
  }
  if (padding === 0) return padded
  const bytes = padded.slice(padding)
  padded.fill(0)
  return bytes
}

export function bitLength(number: bigint): number {
  const hex = number.toString(16)
  const [first = '0'] = hex
  return 4 * (hex.length - 1) + (32 - Math.clz32(Number.parseInt(first, 16)))
}

/** As many bytes as the number has, at least one. */
export function numberToShortestBytes(number: bigint): Uint8Array {
  return numberToBytes(number, Math.max(1, Math.ceil(bitLength(number) / 8)))
}

/** @returns the inverse from 0 to `modulus` - 1, or `undefined` when there is none */
export function invertModulo(number: bigint, modulus: bigint): bigint | undefined {
  let [remainder, next] = [modulus, number % modulus]
  let [coefficient, nextCoefficient] = [0n, 1n]
  while (next !== 0n) {
    const quotient = remainder / next
    ;[remainder, next] = [next, remainder - quotient * next]
    ;[coefficient, nextCoefficient] = [nextCoefficient, coefficient - quotient * nextCoefficient]
  }
  if (remainder !== 1n) return undefined
  return coefficient < 0n ? coefficient + modulus : coefficient
}

export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b]
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}
