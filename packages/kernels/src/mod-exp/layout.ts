/** Where things stand in the kernel's memory, one page of 64 KiB. */

/** What numbers may have, in bits: the longest RSA modulus. */
export const MOST_BITS = 4096
export const WINDOW_BITS = 5
export const POWERS: number = 2 ** WINDOW_BITS

/** For one number in limbs, or two side by side. Whole groups of four vectors, which is what the table is read in. */
export const SLOT_BYTES = 1344
/** A number in the second lane begins so many bytes behind that in the first. */
export const LANE_BYTES = 8

/** The number one, in limbs. */
export const ONE = 0

/** From here on everything depends on what is computed. What is prepared for a modulus comes first: itself, */
export const MODULUS: number = ONE + SLOT_BYTES
/** the multiple of it that products are reduced by, plus one, where the arithmetic has one, */
export const MULTIPLE: number = MODULUS + SLOT_BYTES
/** the square of R, by which a number gets its Montgomery form, */
export const SQUARE: number = MULTIPLE + SLOT_BYTES
/** the negative inverse of the modulus modulo a power of two, in each lane, */
export const INVERSE: number = SQUARE + SLOT_BYTES
/** and how many bytes a slot has in use. */
export const LIMBS_LENGTH: number = INVERSE + 2 * LANE_BYTES

/** Behind what was prepared of the modulus. */
export const RESULT: number = LIMBS_LENGTH + 16
/** What was looked up. */
export const FACTOR: number = RESULT + SLOT_BYTES
/** The powers of the base from 0 to 31, in Montgomery form. */
export const TABLE: number = FACTOR + SLOT_BYTES
/** Sums of products that no carry has gone through yet. */
export const SUMS: number = TABLE + POWERS * SLOT_BYTES
const SUMS_BYTES = 2 * SLOT_BYTES
export const MOST_WINDOWS = 832
/** The exponents' windows, a byte each, the highest first: as many bytes for each lane. */
export const WINDOWS: number = SUMS + SUMS_BYTES
/** Limbs are read eight bytes at a time, so zeros follow on a number. */
export const BYTES_LENGTH: number = MOST_BITS / 8 + 32
/** A number as bytes, the lowest first: as many bytes for each lane. */
export const BYTES: number = WINDOWS + 2 * MOST_WINDOWS
export const SECRETS_END: number = BYTES + 2 * BYTES_LENGTH

export const PAGES = 1
