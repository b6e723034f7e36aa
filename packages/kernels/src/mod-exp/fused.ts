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
    const lacking = f.let(constant(0n))
    f.while(i32.leU(sums, lastSums), () => {
      f.emit(v128.store(sums, 0, lacking), v128.store(sums, VECTOR_BYTES, lacking))
      f.set(lacking, i64x2.sub(lacking, excess))
      f.set(sums, i32.add(sums, PAIR_BYTES))
    })
    // What the columns that come in at the top begin with, and that without a round that only half goes over them.
    const top = f.let(i64x2.add(lacking, excess))
    const topEven = f.let(i64x2.sub(top, constant(2n * UPPER_BITS)))

    const [b0, m0] = [f.let(v128.load(b)), f.let(v128.load(MODULUS))]
    const [even, odd, carry] = [f.local('v128'), f.local('v128'), f.local('i64')]
    const [rows, rowsToCome] = [declareRows(f), declareRows(f)]
    const [row, at] = [f.let(a), f.local('i32')]
    const toQuotient = (sum: Local<'i64'>, into: Local<'v128'>): void =>
      f.set(into, f64x2.sub(i64x2.splat(i64.or(i64.and(i64.mul(sum, inverse), MASK), OFFSET_BITS)), offset))

    /**
     * Begins with the next two rows at the lowest two columns, whose low bits multiples of the modulus make zero.
     *
     * @returns the steps, each of which waits for the one before
     */
    const beginning = ({ a0, a1, q0, q1, next }: Rows): readonly (() => void)[] => {
      const second = (known: bigint) =>
        i64.sub(i64.add(i64.add(i64x2.extractLane(1, even), i64x2.extractLane(0, odd)), carry), known)
      return [
        () => {
          f.set(a0, v128.load64Splat(row))
          f.set(a1, v128.load64Splat(row, LIMB_BYTES))
          f.set(row, i32.add(row, 2 * LIMB_BYTES))
          multiplyAdd(a0, b0, even, odd)
          multiplyInto(a1, b0, odd, next)
        },
        () => toQuotient(f.let(i64.sub(i64.add(i64x2.extractLane(0, even), carry), LOWER_BITS)), q0),
        () => multiplyAdd(q0, m0, even, odd),
        () => {
          const first = i64.sub(i64.add(i64x2.extractLane(0, even), carry), 2n * LOWER_BITS)
          f.set(carry, i64.shrS(first, BigInt(LIMB_BITS)))
          toQuotient(f.let(second(2n * UPPER_BITS + 3n * LOWER_BITS)), q1)
        },
        () => multiplyAdd(q1, m0, odd, next),
        () => {
          f.set(carry, i64.shrS(second(2n * UPPER_BITS + 4n * LOWER_BITS), BigInt(LIMB_BITS)))
          // The odd sums' second column is the lowest of the next round.
          f.set(carry, i64.add(carry, i64.sub(i64x2.extractLane(1, odd), EXCESS)))
        },
      ]
    }
    /** Goes with both rows over the pair of columns that is `at` bytes of limbs up. */
    const addColumns = ({ a0, a1, q0, q1, next }: Rows, evens: Local<'v128'>, odds: Local<'v128'>): void => {
      const [bs, ms] = [f.let(v128.load(i32.add(b, at))), f.let(v128.load(at, MODULUS))]
      const pair = f.let(i32.shl(at, 1))
      f.set(evens, i64x2.add(v128.load(pair, SUMS), next))
      f.set(odds, v128.load(pair, SUMS + VECTOR_BYTES))
      multiplyAdd(a0, bs, evens, odds)
      multiplyAdd(q0, ms, evens, odds)
      multiplyInto(a1, bs, odds, next)
      multiplyAdd(q1, ms, odds, next)
    }
    const addLowest = (): void => {
      f.set(at, VECTOR_BYTES)
      addColumns(rows, even, odd)
      f.set(at, 2 * VECTOR_BYTES)
    }
    const [evens, odds] = [f.local('v128'), f.local('v128')]
    const addNext = (): void => {
      addColumns(rows, evens, odds)
      const below = f.let(i32.sub(i32.shl(at, 1), PAIR_BYTES))
      f.emit(v128.store(below, SUMS, evens), v128.store(below, SUMS + VECTOR_BYTES, odds))
      f.set(at, i32.add(at, VECTOR_BYTES))
    }
    const addOthers = (): void => {
      f.while(i32.ltU(at, length), addNext)
      f.emit(v128.store(lastSums, 0, i64x2.add(topEven, rows.next)), v128.store(lastSums, VECTOR_BYTES, top))
    }

    const end = f.let(i32.add(a, length))
    for (const step of beginning(rows)) step()
    f.while(i32.ltU(row, end), () => {
      addLowest()
      // While a step of the next rows waits for the one before, the processor goes over a pair of columns of these.
      for (const step of beginning(rowsToCome)) {
        step()
        f.if(i32.ltU(at, length), addNext)
      }
      addOthers()
      for (const name of ROW_NAMES) f.set(rows[name], rowsToCome[name])
    })
    addLowest()
    addOthers()
    f.emit(v128.store(SUMS, 0, even), v128.store(SUMS + VECTOR_BYTES, 0, odd))
    carryOver(f, out, length, carry)
  })
}

const ROW_NAMES = ['a0', 'a1', 'q0', 'q1', 'next'] as const

/** Limbs of two rows, the multiples of the modulus that belong to them, and what they give to the columns further up. */
type Rows = Readonly<Record<(typeof ROW_NAMES)[number], Local<'v128'>>>

function declareRows(f: FunctionBuilder): Rows {
  return {
    a0: f.local('v128'),
    a1: f.local('v128'),
    q0: f.local('v128'),
    q1: f.local('v128'),
    next: f.local('v128'),
  }
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
