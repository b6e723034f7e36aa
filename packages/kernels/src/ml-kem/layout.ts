/** Where things stand in the kernel's memory, two pages of 64 KiB. */

import { planMemory } from '../memory-plan.ts'
import { ROUND_CONSTANTS_BYTES } from '../keccak/permute.ts'
import { SPONGE_BYTES } from '../keccak/sponge.ts'

export const COEFFICIENTS = 256
/** A polynomial: its coefficients, of 16 bits each. */
export const POLYNOMIAL_BYTES: number = 2 * COEFFICIENTS
/** The most rows that the matrix of a parameter set has, and as many columns. */
const MOST_ROWS = 4
const VECTOR_BYTES: number = MOST_ROWS * POLYNOMIAL_BYTES

const plan = planMemory()

export const ROUND_CONSTANTS: number = plan.place(ROUND_CONSTANTS_BYTES)
/** The roots of unity by which the transform multiplies, and by which it is undone. */
export const ZETAS: number = plan.place(2048)
export const INVERSE_ZETAS: number = plan.place(2048)
/** Those modulo which pairs of transformed coefficients are multiplied, each behind a 1. */
export const PAIR_ZETAS: number = plan.place(2 * POLYNOMIAL_BYTES)

/** The matrix, of whoever's key was used last: known to all. */
export const MATRIX: number = plan.place(MOST_ROWS * VECTOR_BYTES)

/** From here on everything depends on what is computed. */
export const SPONGE: number = plan.place(SPONGE_BYTES)
/** Vectors of polynomials, by the standard's names: the secret or what stands for it, noise, the public vector, u. */
export const SECRET: number = plan.place(VECTOR_BYTES)
export const NOISE: number = plan.place(VECTOR_BYTES)
export const PUBLIC: number = plan.place(VECTOR_BYTES)
export const U: number = plan.place(VECTOR_BYTES)
export const V: number = plan.place(POLYNOMIAL_BYTES)
/** What a message is as a polynomial. */
export const MESSAGE: number = plan.place(POLYNOMIAL_BYTES)
/** What goes into hashes and comes out of them. */
export const SEED: number = plan.place(256)
/** The ciphertext that came, and the one that it should be; what is compared is of one length. */
export const CIPHERTEXT: number = plan.place(1600)
export const EXPECTED: number = plan.place(1600)
/** Packed polynomials; what reads them reads a few bytes further. */
export const PACKED: number = plan.place(2048)
export const SECRETS_END: number = plan.end

export const PAGES: number = Math.ceil(SECRETS_END / 65_536)
