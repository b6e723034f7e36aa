/**
 * Eight coefficients at a time, modulo q = 3329.
 *
 * Multiplying by a constant takes its quotient from the upper bits of a second product, by what the constant is over q;
 * what is left is below q in size for every factor of 16 bits.
 *
 * @spec Becker, Hwang, Kannwischer, Yang, Yang 2022, "Neon NTT" (Barrett multiplication)
 */

import { type Expression, type FunctionBuilder, type Local, i16x8, i32x4, v128 } from '../assembler.ts'

export const MODULUS = 3329
/** A root of unity of order 256. */
export const ROOT = 17n
/** What products of two variables are divided by. */
export const RADIX: bigint = 2n ** 16n
/** Of the modulus, modulo 2^16. */
const INVERSE = 62_209

export type Vector = Expression<'v128'>

function splat16(value: number): Vector {
  return v128.const(new Uint8Array(Int16Array.from({ length: 8 }, () => value).buffer))
}

export function splat32(value: number): Vector {
  return v128.const(new Uint8Array(Int32Array.from({ length: 4 }, () => value).buffer))
}

/** @returns below q in size, and congruent to the product */
export function multiplyConstant(_: FunctionBuilder, value: Local<'v128'>, factor: Vector, companion: Vector): Vector {
  const quotient = i16x8.q15mulrSatS(value, companion)
  return i16x8.sub(i16x8.mul(value, factor), i16x8.mul(quotient, splat16(MODULUS)))
}

/** @returns below 0.6 q in size */
export function reduce(f: FunctionBuilder, value: Local<'v128'>): Vector {
  const [factor, companion] = encodeFactor(1n)
  return multiplyConstant(f, value, splat32(factor), splat32(companion))
}

/** @param value between -q and q @returns it between 0 and q */
export function raise(value: Local<'v128'>): Vector {
  return i16x8.add(value, v128.and(i16x8.shrS(value, 15), splat16(MODULUS)))
}

/** Montgomery's: @param sums 32 bits each, below 2^15 q in size @returns them divided by 2^16, below q in size */
export function divide(f: FunctionBuilder, sums: Vector): Vector {
  const given = f.let(sums)
  const times = i32x4.shrS(i32x4.shl(i32x4.mul(given, splat32(INVERSE)), 16), 16)
  return i32x4.shrS(i32x4.sub(given, i32x4.mul(times, splat32(MODULUS))), 16)
}

/** @returns a factor twice, nearest to zero, and its companion twice, as units of the transform */
export function encodeFactor(value: bigint): readonly [factor: number, companion: number] {
  return encodePairFactor(value, value)
}

/** @returns two factors side by side, and their companions */
export function encodePairFactor(first: bigint, second: bigint): readonly [factor: number, companion: number] {
  return [encodePair(nearest(first), nearest(second)), encodePair(companionOf(first), companionOf(second))]
}

function nearest(value: bigint): bigint {
  const modulus = BigInt(MODULUS)
  const reduced = ((value % modulus) + modulus) % modulus
  return reduced > modulus / 2n ? reduced - modulus : reduced
}

/** The factor over q, in 15 bits behind the point. */
function companionOf(value: bigint): bigint {
  return BigInt(Math.round((Number(nearest(value)) * 2 ** 15) / MODULUS))
}

function encodePair(low: bigint, high: bigint): number {
  return Number(BigInt.asIntN(32, BigInt.asUintN(16, low) | (high << 16n)))
}
