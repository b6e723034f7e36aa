/** Two numbers in the lanes of vectors: what products of them, and reductions, have in common. */

import { type Expression, type FunctionBuilder, type Local, f64x2, i64x2, i8x16, v128 } from '../assembler.ts'

export type Vector = Expression<'v128'>

/** What makes a small integer a float whose mantissa's low bits are the integer. */
const LOWER: number = 1.5 * 2 ** 52
export const LOWER_BITS: bigint = bitsOf(LOWER)
/** So far columns are from zero at most, and so much is added to keep them above it: unsigned shifts are quick. */
export const LIFT: bigint = 1n << 61n
export const LIFT_BITS = 61

/** How columns of products become limbs. */
export interface Reduction {
  /** What a column is to have beyond what it is for. */
  readonly liftOf: (column: number) => bigint
  /** @param columns lifted, twice as many as limbs @returns the limbs of a settled number */
  readonly reduce: (f: FunctionBuilder, columns: readonly Local<'v128'>[]) => Vector[]
}

/** The like of `LOWER` for the upper half of a product. */
export function upperOf(limbBits: number): number {
  return 1.5 * 2 ** (52 + limbBits)
}

/** @returns what adds the halves of a product of floats to columns, with the bits of the two constants */
export function productAdder(
  f: FunctionBuilder,
  limbBits: number,
): (a: Vector, b: Vector, low: Local<'v128'>, high: Local<'v128'>) => void {
  const upper = upperOf(limbBits)
  const [upperConstant, both] = [f.let(constant(bitsOf(upper))), f.let(constant(bitsOf(upper + LOWER)))]
  const half = f.local('v128')
  return (a, b, low, high) => {
    f.set(half, f64x2.relaxedMadd(a, b, upperConstant))
    f.set(low, i64x2.add(low, f64x2.relaxedMadd(a, b, f64x2.sub(both, half))))
    f.set(high, i64x2.add(high, half))
  }
}

export function swapLanes(vector: Local<'v128'>): Vector {
  return i8x16.shuffle([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7], vector, vector)
}

/** The same 64 bits in both lanes. */
export function constant(bits: bigint): Vector {
  const word = BigInt.asIntN(64, bits)
  return v128.const(new Uint8Array(BigInt64Array.of(word, word).buffer))
}

export function bitsOf(float: number): bigint {
  return new BigInt64Array(Float64Array.of(float).buffer)[0] ?? 0n
}
