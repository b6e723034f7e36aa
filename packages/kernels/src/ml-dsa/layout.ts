/** Where things stand in the kernel's memory. */

import { ROUND_CONSTANTS_BYTES } from '../keccak/permute.ts'
import { SPONGE_BYTES } from '../keccak/sponge.ts'

export const COEFFICIENTS = 256
/** A polynomial: its coefficients, of 32 bits each. */
export const POLYNOMIAL_BYTES: number = 4 * COEFFICIENTS
/** The most rows and columns that the matrix of a parameter set has. */
const MOST_ROWS = 8
const MOST_COLUMNS = 7
const VECTOR_BYTES: number = MOST_ROWS * POLYNOMIAL_BYTES

let end = 0
function place(bytes: number): number {
  const at = end
  // Whole vectors of the processor's.
  end += Math.ceil(bytes / 16) * 16
  return at
}

export const ROUND_CONSTANTS: number = place(ROUND_CONSTANTS_BYTES)
/** The roots of unity by which the transform multiplies, and by which it is undone. */
export const ZETAS: number = place(4096)
export const INVERSE_ZETAS: number = place(4096)

/** The matrix, of whoever's public key was used last: known to all. */
export const MATRIX: number = place(MOST_ROWS * MOST_COLUMNS * POLYNOMIAL_BYTES)

/** From here on everything depends on what is computed. */
export const SPONGE: number = place(SPONGE_BYTES)
/** Vectors of polynomials, of a name each where the standard has one. */
export const S1: number = place(VECTOR_BYTES)
export const S2: number = place(VECTOR_BYTES)
export const T0: number = place(VECTOR_BYTES)
export const Y: number = place(VECTOR_BYTES)
export const Z: number = place(VECTOR_BYTES)
/** What is rounded: the high parts and the low. */
export const HIGH: number = place(VECTOR_BYTES)
export const LOW: number = place(VECTOR_BYTES)
/** Single polynomials. */
export const CHALLENGE: number = place(POLYNOMIAL_BYTES)
export const PRODUCT: number = place(POLYNOMIAL_BYTES)
/** What goes into hashes and comes out of them. */
export const SEED: number = place(256)
/** Packed polynomials; what reads them reads a few bytes further. */
export const PACKED: number = place(8192)
export const SECRETS_END: number = end

export const PAGES: number = Math.ceil(SECRETS_END / 65_536)
