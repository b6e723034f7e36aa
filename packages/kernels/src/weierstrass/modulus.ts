/**
 * A modulus, and numbers modulo it, in limbs.
 *
 * Limbs are signed: balanced digits to the base 2^limbBits, from -2^(limbBits - 1) to 2^(limbBits - 1) - 1, the lowest
 * first, each in 64 bits of memory. The primes of the curves are nearly powers of two, so most of their own digits are
 * zero or a power of two.
 */

export const LIMB_BYTES = 8

export interface Modulus {
  readonly value: bigint
  readonly bits: number
  readonly limbBits: number
  readonly limbCount: number
  readonly digits: readonly bigint[]
  /** The negative inverse modulo 2^limbBits, by which Montgomery's reduction finds its multiples. */
  readonly inverse: bigint
}

export function createModulus(value: bigint, limbBits: number, limbCount: number): Modulus {
  const base = 1n << BigInt(limbBits)
  return {
    value,
    bits: value.toString(2).length,
    limbBits,
    limbCount,
    digits: balancedDigits(value, limbBits, limbCount),
    inverse: invert(base - (value % base), base),
  }
}

/** @returns the number's limbs; the last one takes what is left */
function balancedDigits(number: bigint, limbBits: number, limbCount: number): bigint[] {
  const digits: bigint[] = []
  let rest = number
  for (let i = 1; i < limbCount; i++) {
    const digit = BigInt.asIntN(limbBits, rest)
    digits.push(digit)
    rest = (rest - digit) >> BigInt(limbBits)
  }
  return [...digits, rest]
}

/** @returns x times R to the power of `exponent`, as it stands in memory; with 1 that is x in Montgomery's form */
export function encodeTimesR({ value, limbBits, limbCount }: Modulus, x: bigint, exponent: number): Uint8Array {
  const product = (x << BigInt(limbBits * limbCount * exponent)) % value
  const nearest = 2n * product > value ? product - value : product
  return new Uint8Array(BigInt64Array.from(balancedDigits(nearest, limbBits, limbCount)).buffer)
}

/** Newton's iteration, each step of which doubles how many low bits are right. */
function invert(x: bigint, powerOfTwo: bigint): bigint {
  let inverse = x
  for (let i = 0; i < 6; i++) inverse = (inverse * (2n - x * inverse)) % powerOfTwo
  return ((inverse % powerOfTwo) + powerOfTwo) % powerOfTwo
}
