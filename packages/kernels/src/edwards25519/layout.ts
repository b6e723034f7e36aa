/** Where things stand in the kernel's memory, and how long they are. */

import { planMemory } from '../memory-plan.ts'

export const LIMBS = 10
/** A field element: ten limbs, each in 64 bits. */
export const ELEMENT_BYTES: number = 8 * LIMBS
export const ENCODED_BYTES = 32

/** Offsets in a point: its coordinates are X/Z and Y/Z, and X Y/Z is the product of the last two. */
export const POINT: Readonly<Record<'x' | 'y' | 'z' | 'e' | 'h', number>> = {
  x: 0,
  y: ELEMENT_BYTES,
  z: 2 * ELEMENT_BYTES,
  e: 3 * ELEMENT_BYTES,
  h: 4 * ELEMENT_BYTES,
}
const POINT_BYTES: number = 5 * ELEMENT_BYTES

/** Offsets in a summand: a point as an addition wants it. `t` is 2 d X Y/Z. */
export const SUMMAND: Readonly<Record<'yPlusX' | 'yMinusX' | 't' | 'twoZ', number>> = {
  yPlusX: 0,
  yMinusX: ELEMENT_BYTES,
  t: 2 * ELEMENT_BYTES,
  twoZ: 3 * ELEMENT_BYTES,
}
export const SUMMAND_BYTES: number = 4 * ELEMENT_BYTES

/** Signed digits of four bits; a row of the base table has the multiples from 1 to 8 for every other of them. */
export const RADIX_DIGITS = 64
export const ROWS: number = RADIX_DIGITS / 2
export const ROW_ENTRIES = 8

/** Digits of sliding windows: odd, and below 2^(bits - 1) in size. There is a digit for each bit of a scalar. */
export const SLIDING_DIGITS = 256
export const BASE_WINDOW_BITS = 8
export const KEY_WINDOW_BITS = 5

const plan = planMemory()

/** Constants: d, twice d, and a root of -1. */
export const D: number = plan.place(ELEMENT_BYTES)
export const TWO_D: number = plan.place(ELEMENT_BYTES)
export const ROOT_OF_MINUS_ONE: number = plan.place(ELEMENT_BYTES)
export const ONE: number = plan.place(ELEMENT_BYTES)
/** The base point. */
export const BASE: number = plan.place(POINT_BYTES)
/** Its multiples, row by row of 256 times the one before. */
export const BASE_ROWS: number = plan.place(ROWS * ROW_ENTRIES * SUMMAND_BYTES)
/** Its odd multiples. */
export const BASE_ODD: number = plan.place(2 ** (BASE_WINDOW_BITS - 2) * SUMMAND_BYTES)

/** From here on everything depends on what is computed. What was last computed of points, */
export const RESULT: number = plan.place(POINT_BYTES)
/** the public key and the signature's point, */
export const KEY: number = plan.place(POINT_BYTES)
export const COMMITMENT: number = plan.place(POINT_BYTES)
/** the key's odd multiples, */
export const KEY_ODD: number = plan.place(2 ** (KEY_WINDOW_BITS - 2) * SUMMAND_BYTES)
/** a summand that was looked up, */
export const FOUND: number = plan.place(SUMMAND_BYTES)
/** and room for the formulas. */
export const TEMPORARY: readonly number[] = Array.from({ length: 8 }, () => plan.place(ELEMENT_BYTES))
/** Elements and points as bytes, read eight at a time. */
export const ENCODED: number = plan.place(ENCODED_BYTES + 8)
export const ENCODED_COMMITMENT: number = plan.place(ENCODED_BYTES + 8)
/** Scalars as bytes, likewise. The first may have 64 of them. */
export const SCALAR: number = plan.place(64 + 8)
export const FACTOR: number = plan.place(ENCODED_BYTES + 8)
export const ADDEND: number = plan.place(ENCODED_BYTES + 8)
/** Digits, a signed byte each: of the base's scalar, and of the key's. */
export const DIGITS: number = plan.place(SLIDING_DIGITS)
export const KEY_DIGITS: number = plan.place(SLIDING_DIGITS)
export const SECRETS_END: number = plan.end

export const PAGES: number = Math.ceil(SECRETS_END / 65_536)
