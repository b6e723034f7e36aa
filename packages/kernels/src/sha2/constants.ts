/**
 * The constants of SHA-2: the first bits of the fractional parts of roots of the first primes.
 *
 * @spec FIPS 180-4 §4.2.2, §4.2.3, §5.3.2 to §5.3.5
 */

import type { Sha2Hash } from './variant.ts'

const ROUNDS = 80
/** Bits of a word of SHA-512; SHA-256 has the upper half of each. */
const FRACTION_BITS = 64n
const WORDS = 8

/** @returns the 80 constants of SHA-512's rounds, the upper halves of the first 64 of which are SHA-256's */
export function roundConstants(): bigint[] {
  return primes(ROUNDS).map((prime) => fractionOfRoot(prime, 3n))
}

/** @returns the eight words that a hash begins with */
export function initialWords(hash: Sha2Hash): bigint[] {
  const all = primes(2 * WORDS).map((prime) => fractionOfRoot(prime, 2n))
  const [first, second] = [all.slice(0, WORDS), all.slice(WORDS)]
  switch (hash) {
    case 'SHA-224':
      return second.map((word) => BigInt.asUintN(32, word))
    case 'SHA-256':
      return first.map((word) => word >> 32n)
    case 'SHA-384':
      return second
    case 'SHA-512':
      return first
    default:
      return hash satisfies never
  }
}

function primes(count: number): bigint[] {
  const found: bigint[] = []
  for (let candidate = 2n; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0n)) found.push(candidate)
  }
  return found
}

function fractionOfRoot(prime: bigint, degree: bigint): bigint {
  const scaled = prime << (degree * FRACTION_BITS)
  // The largest root whose power fits, bit by bit; the integer part of these roots is below 32.
  let root = 0n
  for (let bit = 1n << (FRACTION_BITS + 4n); bit > 0n; bit >>= 1n) {
    if ((root + bit) ** degree <= scaled) root += bit
  }
  return BigInt.asUintN(Number(FRACTION_BITS), root)
}
