/** Where things stand in the kernel's memory. */

import { planMemory } from '../memory-plan.ts'
import { ROUND_CONSTANTS_BYTES } from '../keccak/permute.ts'
import { SPONGE_BYTES } from '../keccak/sponge.ts'

export const COEFFICIENTS = 256
/** A polynomial: its coefficients, of 32 bits each. */
export const POLYNOMIAL_BYTES: number = 4 * COEFFICIENTS
/** The most rows and columns that the matrix of a parameter set has. */
const MOST_ROWS = 8
const MOST_COLUMNS = 7
const VECTOR_BYTES: number = MOST_ROWS * POLYNOMIAL_BYTES

const plan = planMemory()

export const ROUND_CONSTANTS: number = plan.place(ROUND_CONSTANTS_BYTES)
/** The roots of unity by which the transform multiplies, and by which it is undone. */
export const ZETAS: number = plan.place(4096)
export const INVERSE_ZETAS: number = plan.place(4096)

/** The matrix, of whoever's public key was used last: known to all. */
export const MATRIX: number = plan.place(MOST_ROWS * MOST_COLUMNS * POLYNOMIAL_BYTES)

/** From here on everything depends on what is computed. */
export const SPONGE: number = plan.place(SPONGE_BYTES)
/** Vectors of polynomials, of a name each where the standard has one. */
export const S1: number = plan.place(VECTOR_BYTES)
export const S2: number = plan.place(VECTOR_BYTES)
export const T0: number = plan.place(VECTOR_BYTES)
export const Y: number = plan.place(VECTOR_BYTES)
export const Z: number = plan.place(VECTOR_BYTES)
/** What is rounded: the high parts and the low. */
export const HIGH: number = plan.place(VECTOR_BYTES)
export const LOW: number = plan.place(VECTOR_BYTES)
/** Single polynomials. */
export const CHALLENGE: number = plan.place(POLYNOMIAL_BYTES)
export const PRODUCT: number = plan.place(POLYNOMIAL_BYTES)
/** What goes into hashes and comes out of them. */
export const SEED: number = plan.place(256)
/** Packed polynomials; what reads them reads a few bytes further. */
export const PACKED: number = plan.place(8192)
export const SECRETS_END: number = plan.end

export const PAGES: number = Math.ceil(SECRETS_END / 65_536)
