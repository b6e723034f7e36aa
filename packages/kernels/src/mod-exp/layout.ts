/** Where things stand in the kernel's memory, one page of 64 KiB. */

/** What numbers may have, in bits: the longest RSA modulus. */
export const MOST_BITS = 4096
export const WINDOW_BITS = 5
export const POWERS: number = 2 ** WINDOW_BITS

/** For one number in limbs. Whole groups of four vectors, which is what the table is read in. */
export const SLOT_BYTES = 704

/** The number one, in limbs. */
export const ONE = 0

/** From here on everything depends on what is computed. What is prepared for a modulus comes first: itself, */
export const MODULUS: number = ONE + SLOT_BYTES
/** the square of R, by which a number gets its Montgomery form, */
export const SQUARE: number = MODULUS + SLOT_BYTES
/** the negative inverse of the modulus modulo 2^64, */
export const INVERSE: number = SQUARE + SLOT_BYTES
/** and how many bytes its limbs take. */
export const LIMBS_LENGTH: number = INVERSE + 8

/** Behind what was prepared of the modulus. */
export const RESULT: number = INVERSE + 16
/** What was looked up. */
export const FACTOR: number = RESULT + SLOT_BYTES
/** The powers of the base from 0 to 31, in Montgomery form. */
export const TABLE: number = FACTOR + SLOT_BYTES
/** Sums of products that no carry has gone through yet. */
export const SUMS: number = TABLE + POWERS * SLOT_BYTES
const SUMS_BYTES = 2816
/** The exponent's windows, a byte each, the highest first. */
export const WINDOWS: number = SUMS + SUMS_BYTES
export const MOST_WINDOWS = 832
/** A number as bytes, the lowest first; limbs are read eight bytes at a time, so zeros follow. */
export const BYTES: number = WINDOWS + MOST_WINDOWS
export const SECRETS_END: number = BYTES + MOST_BITS / 8 + 32

export const PAGES = 1
