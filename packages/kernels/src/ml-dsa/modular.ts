/**
 * Four coefficients at a time, modulo q = 2^23 - 2^13 + 1.
 *
 * Products are Montgomery's: divided by 2^32, and of either sign. What is between -q and q stands for itself or for
 * itself less q; `center` and `raise` say which.
 *
 * @spec FIPS 204 §7.5, appendix A
 */

import { type Expression, type FunctionBuilder, type Local, i32x4, i64x2, i8x16, v128 } from '../assembler.ts'

export const MODULUS = 8_380_417
/** A root of unity of order 512. */
export const ROOT = 1753n
export const RADIX: bigint = 2n ** 32n
/** Of the modulus, modulo 2^32. */
const INVERSE = invert(BigInt(MODULUS))
/** The upper half of each of four 64-bit numbers in two vectors. */
const UPPER_HALVES = [4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31]
const LOWER_HALVES = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]

export type Vector = Expression<'v128'>

/** Eight bytes for each product, before it is divided. */
export interface WideProduct {
  readonly low: Vector
  readonly high: Vector
}

export function splat(value: number): Vector {
  return lanes([value, value, value, value])
}

function lanes(values: readonly number[]): Vector {
  return v128.const(new Uint8Array(Int32Array.from(values).buffer))
}

export function multiplyWide(a: Vector, b: Vector): WideProduct {
  return { low: i64x2.extmulLowS(a, b), high: i64x2.extmulHighS(a, b) }
}

/** @param product below 2^31 q in size @returns it divided by 2^32, between -q and q */
export function divide(f: FunctionBuilder, product: WideProduct): Vector {
  const [low, high] = [f.let(product.low), f.let(product.high)]
  const times = f.let(i32x4.mul(i8x16.shuffle(LOWER_HALVES, low, high), splat(Number(BigInt.asIntN(32, INVERSE)))))
  return subtractMultiple(low, high, times)
}

/**
 * @param factor a constant, in Montgomery's form, below q in size
 * @param factorInverse it times the inverse of q, modulo 2^32
 */
export function multiplyConstant(f: FunctionBuilder, a: Local<'v128'>, factor: Vector, factorInverse: Vector): Vector {
  const times = f.let(i32x4.mul(a, factorInverse))
  const { low, high } = multiplyWide(a, factor)
  return subtractMultiple(low, high, times)
}

function subtractMultiple(low: Vector, high: Vector, times: Local<'v128'>): Vector {
  const multiple = multiplyWide(times, splat(MODULUS))
  return i8x16.shuffle(UPPER_HALVES, i64x2.sub(low, multiple.low), i64x2.sub(high, multiple.high))
}

/** @returns the nearest to zero, for what is at least 2^13 away from being halfway between two multiples of q */
export function center(f: FunctionBuilder, value: Vector): Vector {
  const given = f.let(value)
  const times = i32x4.shrS(i32x4.add(given, splat(1 << 22)), 23)
  return i32x4.sub(given, i32x4.mul(times, splat(MODULUS)))
}

/** @param value between -q and q @returns it between 0 and q */
export function raise(f: FunctionBuilder, value: Vector): Vector {
  const given = f.let(value)
  return i32x4.add(given, v128.and(i32x4.shrS(given, 31), splat(MODULUS)))
}

/** @returns a constant in Montgomery's form, nearest to zero, and what `multiplyConstant` takes with it */
export function encodeFactor(value: bigint): readonly [factor: number, factorInverse: number] {
  const modulus = BigInt(MODULUS)
  const reduced = (value * RADIX) % modulus
  const factor = reduced > modulus / 2n ? reduced - modulus : reduced
  return [Number(factor), Number(BigInt.asIntN(32, factor * INVERSE))]
}

/** Of an odd number, modulo 2^32: each step doubles how many bits are right. */
function invert(odd: bigint): bigint {
  let inverse = odd
  for (let bits = 3; bits < 32; bits *= 2) inverse = BigInt.asUintN(32, inverse * (2n - odd * inverse))
  return inverse
}
