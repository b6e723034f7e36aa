/**
 * Limbs of 51 bits as 64-bit floats, and their products by fused multiply-add.
 *
 * A product of two limbs has 102 bits. Added to 2^103 and rounded once, its upper half stands in the low bits of the
 * float's mantissa; taken away again, so that 1.5 * 2^52 is left, the same product gives its lower half, which may be
 * negative, in the same place. Both are then added up as 64-bit integers, the constants' bits with them, which whoever
 * uses the sum takes away. Even twice a product, of 103 bits, fits.
 *
 * @spec Emmart, Zheng, Weems 2018, "Faster Modular Exponentiation Using Double Precision Floating Point Arithmetic on the GPU"
 */

import { type Expression, type FunctionBuilder, type Local, f64x2, i64x2, v128 } from '../assembler.ts'

export const LIMB_BITS = 51
export const MASK: bigint = (1n << BigInt(LIMB_BITS)) - 1n

const UPPER = 2 ** 103
const LOWER = 1.5 * 2 ** 52
/** An integer below 2^52 in these bits is a float that is larger by 2^52. */
const OFFSET = 2 ** 52
/** What an upper half brings with it into a sum, and what a lower half. */
export const UPPER_BITS: bigint = bitsOf(UPPER)
export const LOWER_BITS: bigint = bitsOf(LOWER)
export const OFFSET_BITS: bigint = bitsOf(OFFSET)

/** Sums are more than this many carries above zero or below it. A power of two. */
const MOST_CARRIES = 512n

type Multiplier = (a: Local<'v128'>, b: Local<'v128'>, low: Local<'v128'>, high: Local<'v128'>) => void

export interface LimbProducts {
  /** Adds the lower half of a product to `low` and the upper half to `high`. */
  readonly multiplyAdd: Multiplier
  /** Adds the lower half of a product to `low` and sets `high` to the upper half. */
  readonly multiplyInto: Multiplier
}

export function declareProducts(f: FunctionBuilder): LimbProducts {
  const [upper, both] = [f.let(constant(UPPER_BITS)), f.let(constant(bitsOf(UPPER + LOWER)))]
  const half = f.local('v128')
  const addLow: Multiplier = (a, b, low, high) => {
    f.set(low, i64x2.add(low, f64x2.relaxedMadd(a, b, f64x2.sub(both, high))))
  }
  return {
    multiplyAdd(a, b, low, high) {
      f.set(half, f64x2.relaxedMadd(a, b, upper))
      addLow(a, b, low, half)
      f.set(high, i64x2.add(high, half))
    },
    multiplyInto(a, b, low, high) {
      f.set(high, f64x2.relaxedMadd(a, b, upper))
      addLow(a, b, low, high)
    },
  }
}

/** The low bits of a sum, whose constants have none there, as limbs. */
export function toLimbs(sum: Expression<'v128'>): Expression<'v128'> {
  return f64x2.sub(v128.or(v128.and(sum, constant(MASK)), constant(OFFSET_BITS)), constant(OFFSET_BITS))
}

/** What a sum carries to the next column, without the constants that are in it. There is no shift of signed lanes. */
export function carryOf(sum: Expression<'v128'>, constants: bigint): Expression<'v128'> {
  const raised = i64x2.add(sum, constant((MOST_CARRIES << BigInt(LIMB_BITS)) - constants))
  return i64x2.sub(i64x2.shrU(raised, LIMB_BITS), constant(MOST_CARRIES))
}

/** The same bits in both lanes. */
export function constant(bits: bigint): Expression<'v128'> {
  const lane = BigInt.asIntN(64, bits)
  return v128.const(new Uint8Array(BigInt64Array.of(lane, lane).buffer))
}

function bitsOf(float: number): bigint {
  return new BigInt64Array(Float64Array.of(float).buffer)[0] ?? 0n
}
