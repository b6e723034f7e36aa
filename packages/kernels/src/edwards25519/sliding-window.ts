/** Scalars that anyone may know, as digits of which most are zero. */

import { SLIDING_DIGITS } from './layout.ts'
import { ORDER } from './scalars.ts'

const BYTES = 32
const ORDER_BYTES: readonly number[] = Array.from({ length: BYTES }, (_, i) =>
  Number(BigInt.asUintN(8, ORDER >> BigInt(8 * i))),
)

/** Whether a scalar of 32 bytes, little-endian, is below the order. */
export function isReduced(scalar: Uint8Array): boolean {
  for (let i = BYTES - 1; i >= 0; i--) {
    const [byte, limit] = [scalar[i] ?? 0, ORDER_BYTES[i] ?? 0]
    if (byte !== limit) return byte < limit
  }
  return false
}

/**
 * @param scalar 32 bytes, little-endian, below 2^253
 * @param windowBits at most 8
 * @returns a digit for each bit: zero, or odd and below 2^(windowBits - 1) in size; their sum is the scalar
 */
export function slide(scalar: Uint8Array, windowBits: number): Int8Array {
  const digits = new Int8Array(SLIDING_DIGITS)
  const bitAt = (i: number): number => ((scalar[i >> 3] ?? 0) >> (i & 7)) & 1
  let carry = 0
  for (let i = 0; i < SLIDING_DIGITS; i++) {
    if (bitAt(i) === carry) continue
    let digit = carry
    for (let k = 0; k < windowBits; k++) digit += bitAt(i + k) * 2 ** k
    carry = digit >> (windowBits - 1)
    digits[i] = digit - (carry << windowBits)
    i += windowBits - 1
  }
  return digits
}
