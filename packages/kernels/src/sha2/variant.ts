/** The two members of SHA-2 that differ in their words, and the four hashes that they compute. */

export type Sha2Hash = 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512'

/** Bits of a word. */
export type WordBits = 32 | 64

export const DIGEST_BYTES: Readonly<Record<Sha2Hash, number>> = {
  'SHA-224': 28,
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
}

/** Which kernel serves a hash. */
export const WORD_BITS: Readonly<Record<Sha2Hash, WordBits>> = {
  'SHA-224': 32,
  'SHA-256': 32,
  'SHA-384': 64,
  'SHA-512': 64,
}

export interface Variant {
  readonly wordBits: WordBits
  readonly rounds: number
  /** Distances of Σ0 and Σ1: three rotations each. @spec FIPS 180-4 §4.1.2, §4.1.3 */
  readonly sums: readonly [Distances, Distances]
  /** Distances of σ0 and σ1: two rotations and a shift each. */
  readonly schedule: readonly [Distances, Distances]
}

type Distances = readonly [number, number, number]

export const VARIANTS: Readonly<Record<WordBits, Variant>> = {
  32: {
    wordBits: 32,
    rounds: 64,
    sums: [
      [2, 13, 22],
      [6, 11, 25],
    ],
    schedule: [
      [7, 18, 3],
      [17, 19, 10],
    ],
  },
  64: {
    wordBits: 64,
    rounds: 80,
    sums: [
      [28, 34, 39],
      [14, 18, 41],
    ],
    schedule: [
      [1, 8, 7],
      [19, 61, 6],
    ],
  },
}
