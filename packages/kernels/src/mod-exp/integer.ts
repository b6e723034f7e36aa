/**
 * Montgomery's product on 64-bit integers: limbs of 27 bits, whose products are added up without a carry.
 *
 * 28 bits would let the sums of a 4096-bit modulus overflow, and save no limbs at 1024 and 2048 bits, since rows are
 * taken by fours: each column then takes eight products for one load and one store of its sum.
 *
 * @spec Koç, Acar, Kaliski 1996, "Analyzing and Comparing Montgomery Multiplication Algorithms" (FIOS)
 */

import { type Expression, type FunctionBuilder, type Local, type ModuleBuilder, i32, i64 } from '../assembler.ts'
import { INVERSE, LIMBS_LENGTH, MODULUS, SUMS } from './layout.ts'
import type { Arithmetic, Multiply, Products } from './limbs.ts'

const LIMB_BITS = 27
const LIMB_BYTES = 4
const SUM_BYTES = 8
const ROWS = 4
const MASK = (1n << BigInt(LIMB_BITS)) - 1n

export const integerArithmetic: Arithmetic = {
  lanes: 1,
  limbBits: LIMB_BITS,
  limbBytes: LIMB_BYTES,
  limbStep: ROWS,
  spareBits: 2,
  load: i64.load32U,
  store: i64.store32,
  storeInverse: (address, inverse) => i64.store(address, 0, inverse),
  encodeOne: () => [1],
  defineProducts,
}

/** Reduced by the modulus itself, all numbers are narrow. */
function defineProducts(module: ModuleBuilder): Products {
  const multiply = defineMultiply(module)
  const square = module.procedure(['i32', 'i32'], (f, out, a) => f.emit(multiply.call(out, a, a)))
  return { multiply, square, narrow: multiply, prepareMultiple: undefined }
}

/** The limbs of `a` and the multiples of the modulus that four rows have, and a window on the limbs of the other factors. */
interface Rows {
  readonly a: readonly Local<'i64'>[]
  readonly q: readonly Local<'i64'>[]
  readonly b: readonly Local<'i64'>[]
  readonly m: readonly Local<'i64'>[]
}

function defineMultiply(module: ModuleBuilder): Multiply {
  return module.procedure(['i32', 'i32', 'i32'], (f, out, a, b) => {
    const length = f.let(i32.load(LIMBS_LENGTH))
    const inverse = f.let(i64.load(INVERSE))
    const end = f.let(i32.add(a, length))
    const rows: Rows = {
      a: f.locals('i64', ROWS),
      q: f.locals('i64', ROWS),
      b: f.locals('i64', ROWS),
      m: f.locals('i64', ROWS),
    }
    const [row, sums, at] = [f.let(a), f.let(i32.const(SUMS)), f.local('i32')]
    // A sum for each limb of the product.
    f.fill(SUMS, 0, i32.mul(length, (2 * SUM_BYTES) / LIMB_BYTES))

    f.loop((start) => {
      for (const [k, limb] of rows.a.entries()) f.set(limb, i64.load32U(row, LIMB_BYTES * k))
      const carry = addLowColumns(f, rows, b, sums, inverse)
      f.emit(i64.store(sums, SUM_BYTES * ROWS, i64.add(i64.load(sums, SUM_BYTES * ROWS), carry)))

      f.set(at, LIMB_BYTES * ROWS)
      f.while(i32.ltU(at, length), () => {
        const column = f.let(i32.add(sums, i32.shl(at, 1)))
        for (let k = 0; k < ROWS; k++) {
          loadFactors(f, rows, k, i32.add(b, at), at)
          addProducts(f, rows, column, k, 0)
        }
        f.set(at, i32.add(at, LIMB_BYTES * ROWS))
      })
      const column = f.let(i32.add(sums, i32.shl(at, 1)))
      for (let k = 0; k < ROWS - 1; k++) addProducts(f, rows, column, k, k + 1)

      f.set(sums, i32.add(sums, SUM_BYTES * ROWS))
      f.set(row, i32.add(row, LIMB_BYTES * ROWS))
      f.branchIf(i32.ltU(row, end), start)
    })
    carryOver(f, out, sums, length)
  })
}

/** The four lowest columns, which the multiples of the modulus make zero. @returns what they carry */
function addLowColumns(
  f: FunctionBuilder,
  rows: Rows,
  b: Local<'i32'>,
  sums: Local<'i32'>,
  inverse: Local<'i64'>,
): Local<'i64'> {
  const carry = f.let(i64.const(0n))
  for (let k = 0; k < ROWS; k++) {
    loadFactors(f, rows, k, b, i32.const(0))
    const sum = f.let(i64.add(i64.load(sums, SUM_BYTES * k), carry))
    for (let i = 0; i <= k; i++) f.set(sum, i64.add(sum, i64.mul(pick(rows.a, i), pick(rows.b, k - i))))
    for (let i = 0; i < k; i++) f.set(sum, i64.add(sum, i64.mul(pick(rows.q, i), pick(rows.m, k - i))))
    f.set(pick(rows.q, k), i64.and(i64.mul(sum, inverse), MASK))
    f.set(carry, i64.shrU(i64.add(sum, i64.mul(pick(rows.q, k), pick(rows.m, 0))), BigInt(LIMB_BITS)))
  }
  return carry
}

/** Takes the next limb of both into the place of the one that no row needs any more. */
function loadFactors(
  f: FunctionBuilder,
  rows: Rows,
  k: number,
  b: Expression<'i32'>,
  modulus: Expression<'i32'>,
): void {
  f.set(pick(rows.b, k), i64.load32U(b, LIMB_BYTES * k))
  f.set(pick(rows.m, k), i64.load32U(modulus, MODULUS + LIMB_BYTES * k))
}

/** Adds the products of the rows from `first` on into a column. */
function addProducts(f: FunctionBuilder, rows: Rows, column: Local<'i32'>, k: number, first: number): void {
  let sum = i64.load(column, SUM_BYTES * k)
  for (let row = first; row < ROWS; row++) {
    const slot = (ROWS + k - row) % ROWS
    sum = i64.add(sum, i64.mul(pick(rows.a, row), pick(rows.b, slot)))
    sum = i64.add(sum, i64.mul(pick(rows.q, row), pick(rows.m, slot)))
  }
  f.emit(i64.store(column, SUM_BYTES * k, sum))
}

function carryOver(f: FunctionBuilder, out: Local<'i32'>, sums: Local<'i32'>, length: Local<'i32'>): void {
  const [limb, carry] = [f.local('i32'), f.local('i64')]
  f.while(i32.ltU(limb, length), () => {
    const sum = f.let(i64.add(i64.load(i32.add(sums, i32.shl(limb, 1))), carry))
    f.set(carry, i64.shrU(sum, BigInt(LIMB_BITS)))
    f.emit(i64.store32(i32.add(out, limb), 0, i64.and(sum, MASK)))
    f.set(limb, i32.add(limb, LIMB_BYTES))
  })
}

function pick(locals: readonly Local<'i64'>[], index: number): Local<'i64'> {
  const local = locals[index]
  if (local === undefined) throw new RangeError('there are four of each')
  return local
}
