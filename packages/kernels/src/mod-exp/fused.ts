/**
 * Montgomery's products on fused multiply-add, of two pairs of numbers at once: each lane of a vector holds a limb of one
 * of them, and reduces by a modulus of its own. A number alone stands in both lanes.
 *
 * Products are reduced by a multiple of the modulus that makes the quotients free, and only the last by the modulus itself.
 * The multiple is 51 bits longer, for which the numbers of RSA have room, since rows go by twos.
 */

import {
  type Expression,
  type FunctionBuilder,
  type Local,
  type ModuleBuilder,
  type Statement,
  f64x2,
  i32,
  i64,
  i64x2,
  v128,
} from '../assembler.ts'
import {
  LIMB_BITS,
  LOWER_BITS,
  MASK,
  OFFSET_BITS,
  UPPER_BITS,
  carryOf,
  constant,
  declareProducts,
  toLimbs,
} from './fused-limbs.ts'
import { LIMB_BYTES, addRows } from './fused-rows.ts'
import { INVERSE, LIMBS_LENGTH, MODULUS, MULTIPLE, SUMS } from './layout.ts'
import type { Arithmetic, Products } from './limbs.ts'

const ROWS = 2

export const fusedArithmetic: Arithmetic = {
  lanes: 2,
  limbBits: LIMB_BITS,
  limbBytes: LIMB_BYTES,
  limbStep: ROWS,
  spareBits: LIMB_BITS + 2,
  load: (address, offset) =>
    i64.and(i64x2.extractLane(0, f64x2.add(v128.load64Splat(address, offset), constant(OFFSET_BITS))), MASK),
  store: storeLimb,
  storeInverse: (address, inverse) => storeLimb(address, 0, i64.and(inverse, MASK)),
  encodeOne: () => [...new Uint8Array(Float64Array.of(1, 1).buffer)],
  defineProducts,
}

function storeLimb(address: Parameters<Arithmetic['store']>[0], offset: number, limb: Expression<'i64'>): Statement {
  const float = f64x2.sub(i64x2.splat(i64.or(limb, OFFSET_BITS)), constant(OFFSET_BITS))
  return i64.store(address, offset, i64x2.extractLane(0, float))
}

function defineProducts(module: ModuleBuilder): Products {
  const defineProduct = (reducer: 'multiple' | 'modulus') =>
    module.procedure(['i32', 'i32', 'i32'], (f, out, a, b) => {
      const length = beginSums(f)
      addRows(f, length, reducer, { a, b })
      carryOver(f, out, length)
    })
  return {
    multiply: defineProduct('multiple'),
    narrow: defineProduct('modulus'),
    square: module.procedure(['i32', 'i32'], (f, out, a) => {
      const length = beginSums(f)
      addSquare(f, length, a)
      addRows(f, length, 'multiple')
      carryOver(f, out, length)
    }),
    prepareMultiple: defineMultiple(module).call(),
  }
}

/** Columns for a number of twice the length, and all of them zero. @returns the length of a number, in bytes */
function beginSums(f: FunctionBuilder): Local<'i32'> {
  const length = f.let(i32.load(LIMBS_LENGTH))
  const at = f.let(i32.shl(length, 1))
  const zero = f.let(constant(0n))
  f.loop((start) => {
    f.set(at, i32.sub(at, 2 * LIMB_BYTES))
    f.emit(v128.store(at, SUMS, zero), v128.store(at, SUMS + LIMB_BYTES, zero))
    f.branchIf(at, start)
  })
  return length
}

/** Each product of two different limbs once, by twice the limb of the row; rows by twos, without any reduction. */
function addSquare(f: FunctionBuilder, length: Local<'i32'>, a: Local<'i32'>): void {
  const { multiplyAdd, multiplyInto } = declareProducts(f)
  const [a0, a1, limb, column, above, beyond] = f.locals('v128', 6)
  const [row, at, sums] = f.locals('i32', 3)
  const excess = f.let(constant(2n * (UPPER_BITS + LOWER_BITS)))
  const addTo = (offset: number, sum: Local<'v128'>, known: bigint): void =>
    f.emit(v128.store(sums, offset, i64x2.add(v128.load(sums, offset), i64x2.sub(sum, constant(known)))))

  f.loop((start) => {
    f.set(a0, v128.load(i32.add(a, row)))
    f.set(a1, v128.load(i32.add(a, row), LIMB_BYTES))
    f.set(sums, i32.add(i32.shl(row, 1), SUMS))
    f.set(column, constant(0n))
    multiplyInto(a0, a0, column, above)
    addTo(0, column, LOWER_BITS)
    f.set(a0, f64x2.add(a0, a0))
    multiplyInto(a0, a1, above, column)
    addTo(LIMB_BYTES, above, UPPER_BITS + LOWER_BITS)
    multiplyInto(a1, a1, column, above)
    f.set(a1, f64x2.add(a1, a1))
    // As if the second row had a product in the column of the first, too.
    f.set(column, i64x2.add(column, constant(UPPER_BITS)))
    f.set(at, i32.add(row, 2 * LIMB_BYTES))
    f.set(sums, i32.add(sums, 2 * LIMB_BYTES))
    f.while(i32.ltU(at, length), () => {
      f.set(limb, v128.load(i32.add(a, at)))
      f.set(column, i64x2.add(column, i64x2.sub(v128.load(sums), excess)))
      multiplyAdd(a0, limb, column, above)
      multiplyInto(a1, limb, above, beyond)
      f.emit(v128.store(sums, 0, column))
      f.set(column, above)
      f.set(above, beyond)
      f.set(at, i32.add(at, LIMB_BYTES))
      f.set(sums, i32.add(sums, LIMB_BYTES))
    })
    addTo(0, column, 2n * UPPER_BITS + LOWER_BITS)
    addTo(LIMB_BYTES, above, UPPER_BITS)
    f.set(row, i32.add(row, 2 * LIMB_BYTES))
    f.branchIf(i32.ltU(row, length), start)
  })
}

/** Makes limbs of the upper half of the columns. */
function carryOver(f: FunctionBuilder, out: Local<'i32'>, length: Local<'i32'>): void {
  const at = f.local('i32')
  const [sum, carry] = f.locals('v128', 2)
  f.while(i32.ltU(at, length), () => {
    f.set(sum, i64x2.add(v128.load(i32.add(at, length), SUMS), carry))
    f.set(carry, carryOf(sum, 0n))
    f.emit(v128.store(i32.add(out, at), 0, toLimbs(sum)))
    f.set(at, i32.add(at, LIMB_BYTES))
  })
}

/**
 * The modulus times its own negative inverse modulo 2^51, plus one: its lowest limb is zero, and the others are what the
 * quotient of a row is multiplied with.
 */
function defineMultiple(module: ModuleBuilder) {
  return module.procedure([], (f) => {
    const { multiplyInto } = declareProducts(f)
    const length = f.let(i32.load(LIMBS_LENGTH))
    const inverse = f.let(v128.load(INVERSE))
    const [limb, column, above, carry] = f.locals('v128', 4)
    const at = f.local('i32')
    f.set(carry, constant(1n))
    // As if there were a column below.
    f.set(column, constant(UPPER_BITS))
    f.while(i32.ltU(at, length), () => {
      f.set(limb, v128.load(at, MODULUS))
      multiplyInto(limb, inverse, column, above)
      f.set(column, i64x2.add(column, carry))
      f.set(carry, carryOf(column, UPPER_BITS + LOWER_BITS))
      f.emit(v128.store(at, MULTIPLE, toLimbs(column)))
      f.set(column, above)
      f.set(at, i32.add(at, LIMB_BYTES))
    })
  })
}
