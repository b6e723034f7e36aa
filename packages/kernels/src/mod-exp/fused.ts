/**
 * Montgomery's product on fused multiply-add: limbs of 51 bits as 64-bit floats, two to a vector.
 *
 * A product of two limbs has 102 bits. Added to 1.5 * 2^103 and rounded once, its upper half stands in the low bits of the
 * float's mantissa; taken away again, so that 1.5 * 2^52 is left, the same product gives its lower half, which may be
 * negative, in the same place. Both are then added up as 64-bit integers, the constants' bits with them. Those are known:
 * two of each for each pair of rows that went over a column, which is what a column begins below zero with.
 *
 * Rows are taken by twos, so that the sums move by two columns, which is one vector. The even sums of a pair of columns
 * hold columns 2j and 2j + 1, the odd ones 2j + 1 and 2j + 2, since upper halves and second rows belong one column on.
 *
 * @spec Emmart, Zheng, Weems 2018, "Faster Modular Exponentiation Using Double Precision Floating Point Arithmetic on the GPU"
 */

import { type FunctionBuilder, type Local, type ModuleBuilder, f64x2, i32, i64, i64x2, v128 } from '../assembler.ts'
import { INVERSE, LIMBS_LENGTH, MODULUS, SUMS } from './layout.ts'
import type { Arithmetic, Multiply } from './limbs.ts'

const LIMB_BITS = 51
const LIMB_BYTES = 8
const VECTOR_BYTES = 16
/** The even sums and the odd ones of two columns. */
const PAIR_BYTES = 2 * VECTOR_BYTES
const MASK = (1n << BigInt(LIMB_BITS)) - 1n

const UPPER = 1.5 * 2 ** 103
const LOWER = 1.5 * 2 ** 52
/** An integer below 2^52 in these bits is a float that is larger by 2^52. */
const OFFSET = 2 ** 52
const UPPER_BITS = bitsOf(UPPER)
const LOWER_BITS = bitsOf(LOWER)
const OFFSET_BITS = bitsOf(OFFSET)
/** What a pair of rows adds to each sum, beyond the products. */
const EXCESS = 2n * UPPER_BITS + 2n * LOWER_BITS

export const fusedArithmetic: Arithmetic = {
  limbBits: LIMB_BITS,
  limbBytes: LIMB_BYTES,
  limbStep: 2,
  load: (address, offset) =>
    i64.and(i64x2.extractLane(0, f64x2.add(v128.load64Splat(address, offset), constant(OFFSET_BITS))), MASK),
  store: (address, offset, limb) =>
    i64.store(
      address,
      offset,
      i64x2.extractLane(0, f64x2.sub(i64x2.splat(i64.or(limb, OFFSET_BITS)), constant(OFFSET_BITS))),
    ),
  encodeOne: () => [...new Uint8Array(Float64Array.of(1).buffer)],
  defineMultiply,
}

/** What each product needs. */
interface Constants {
  readonly upper: Local<'v128'>
  readonly both: Local<'v128'>
}

function defineMultiply(module: ModuleBuilder): Multiply {
  return module.procedure(['i32', 'i32', 'i32'], (f, out, a, b) => {
    const length = f.let(i32.load(LIMBS_LENGTH))
    const inverse = f.let(i64.load(INVERSE))
    const constants: Constants = { upper: f.let(constant(UPPER_BITS)), both: f.let(constant(bitsOf(UPPER + LOWER))) }
    const { multiplyAdd, multiplyInto } = multipliersOf(f, constants)
    const offset = f.let(constant(OFFSET_BITS))
    const excess = f.let(constant(EXCESS))

    const sums = f.let(i32.const(SUMS))
    const lastSums = f.let(i32.add(i32.shl(i32.sub(length, VECTOR_BYTES), 1), SUMS))
    const begin = f.let(constant(0n))
    f.while(i32.leU(sums, lastSums), () => {
      f.emit(v128.store(sums, 0, begin), v128.store(sums, VECTOR_BYTES, begin))
      f.set(begin, i64x2.sub(begin, excess))
      f.set(sums, i32.add(sums, PAIR_BYTES))
    })
    // What the columns that come in at the top begin with, and that without a round that only half goes over them.
    const top = f.let(i64x2.add(begin, excess))
    const topEven = f.let(i64x2.sub(top, constant(2n * UPPER_BITS)))

    const [b0, m0] = [f.let(v128.load(b)), f.let(v128.load(MODULUS))]
    const [even, odd, next, carry] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('i64')]
    const rows = { a0: f.local('v128'), a1: f.local('v128'), q0: f.local('v128'), q1: f.local('v128') }
    const [row, at] = [f.let(a), f.local('i32')]
    const end = f.let(i32.add(a, length))
    const toQuotient = (sum: Local<'i64'>, into: Local<'v128'>): void =>
      f.set(into, f64x2.sub(i64x2.splat(i64.or(i64.and(i64.mul(sum, inverse), MASK), OFFSET_BITS)), offset))

    /** Goes with both rows over the pair of columns that is `at` bytes of limbs up. */
    const addColumns = (evens: Local<'v128'>, odds: Local<'v128'>): void => {
      const [bs, ms] = [f.let(v128.load(i32.add(b, at))), f.let(v128.load(at, MODULUS))]
      const pair = f.let(i32.shl(at, 1))
      f.set(evens, i64x2.add(v128.load(pair, SUMS), next))
      f.set(odds, v128.load(pair, SUMS + VECTOR_BYTES))
      multiplyAdd(rows.a0, bs, evens, odds)
      multiplyAdd(rows.q0, ms, evens, odds)
      multiplyInto(rows.a1, bs, odds, next)
      multiplyAdd(rows.q1, ms, odds, next)
    }

    f.loop((start) => {
      f.set(rows.a0, v128.load64Splat(row))
      f.set(rows.a1, v128.load64Splat(row, LIMB_BYTES))
      multiplyAdd(rows.a0, b0, even, odd)
      multiplyInto(rows.a1, b0, odd, next)
      // The lowest two columns, whose low bits the multiples of the modulus make zero, one after the other.
      const first = f.let(i64.sub(i64.add(i64x2.extractLane(0, even), carry), LOWER_BITS))
      toQuotient(first, rows.q0)
      multiplyAdd(rows.q0, m0, even, odd)
      const firstSum = i64.sub(i64.add(i64x2.extractLane(0, even), carry), 2n * LOWER_BITS)
      f.set(carry, i64.shrS(firstSum, BigInt(LIMB_BITS)))
      const second = (known: bigint) =>
        i64.sub(i64.add(i64.add(i64x2.extractLane(1, even), i64x2.extractLane(0, odd)), carry), known)
      toQuotient(f.let(second(2n * UPPER_BITS + 3n * LOWER_BITS)), rows.q1)
      multiplyAdd(rows.q1, m0, odd, next)
      f.set(carry, i64.shrS(second(2n * UPPER_BITS + 4n * LOWER_BITS), BigInt(LIMB_BITS)))
      // The odd sums' second column is the lowest of the next round.
      f.set(carry, i64.add(carry, i64.sub(i64x2.extractLane(1, odd), EXCESS)))

      // What is next to be the lowest stays out of memory, where the next round would wait for it.
      f.set(at, VECTOR_BYTES)
      addColumns(even, odd)
      f.set(at, 2 * VECTOR_BYTES)
      const [evens, odds] = [f.local('v128'), f.local('v128')]
      f.while(i32.ltU(at, length), () => {
        addColumns(evens, odds)
        const below = f.let(i32.sub(i32.shl(at, 1), PAIR_BYTES))
        f.emit(v128.store(below, SUMS, evens), v128.store(below, SUMS + VECTOR_BYTES, odds))
        f.set(at, i32.add(at, VECTOR_BYTES))
      })
      f.emit(v128.store(lastSums, 0, i64x2.add(topEven, next)), v128.store(lastSums, VECTOR_BYTES, top))

      f.set(row, i32.add(row, 2 * LIMB_BYTES))
      f.branchIf(i32.ltU(row, end), start)
    })
    f.emit(v128.store(SUMS, 0, even), v128.store(SUMS + VECTOR_BYTES, 0, odd))
    carryOver(f, out, length, carry)
  })
}

type Multiplier = (a: Local<'v128'>, b: Local<'v128'>, low: Local<'v128'>, high: Local<'v128'>) => void

/** @returns what adds a product's lower half to `low`, and adds its upper half to `high`, or sets it */
function multipliersOf(
  f: FunctionBuilder,
  { upper, both }: Constants,
): Readonly<Record<'multiplyAdd' | 'multiplyInto', Multiplier>> {
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

/** Makes limbs of the sums, which lack `EXCESS` as often as there are pairs of columns below them. */
function carryOver(f: FunctionBuilder, out: Local<'i32'>, length: Local<'i32'>, carry: Local<'i64'>): void {
  const [at, lacking, odd] = [f.local('i32'), f.local('i64'), f.local('i64')]
  const emitLimb = (offset: number, column: Local<'i64'>): void => {
    f.set(carry, i64.add(carry, column))
    f.emit(fusedArithmetic.store(i32.add(out, at), offset, i64.and(carry, MASK)))
    f.set(carry, i64.shrS(carry, BigInt(LIMB_BITS)))
  }
  f.while(i32.ltU(at, length), () => {
    const pair = f.let(i32.shl(at, 1))
    const load = (lane: number) => i64.add(i64.load(pair, SUMS + lane * LIMB_BYTES), lacking)
    emitLimb(0, f.let(i64.add(load(0), odd)))
    emitLimb(LIMB_BYTES, f.let(i64.add(load(1), load(2))))
    f.set(odd, load(3))
    f.set(lacking, i64.add(lacking, EXCESS))
    f.set(at, i32.add(at, VECTOR_BYTES))
  })
}

function constant(bits: bigint) {
  return v128.const(new Uint8Array(BigInt64Array.of(bits, bits).buffer))
}

function bitsOf(float: number): bigint {
  return new BigInt64Array(Float64Array.of(float).buffer)[0] ?? 0n
}
