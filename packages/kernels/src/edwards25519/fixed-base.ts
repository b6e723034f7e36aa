/**
 * Multiples of the base point by secret scalars, and the tables that they are looked up in.
 *
 * A scalar is 64 signed digits of four bits. The odd ones are added up first and the sum multiplied by 16, so a row of
 * the table serves two digits. Every entry of a row is read, whichever is wanted.
 *
 * @spec Bernstein, Duif, Lange, Schwabe, Yang 2011, "High-speed high-security signatures" §4
 */

import { type ModuleBuilder, type Statement, type Callable, i32, i64, i64x2, v128 } from '../assembler.ts'
import {
  BASE,
  BASE_ODD,
  BASE_ROWS,
  BASE_WINDOW_BITS,
  DIGITS,
  ELEMENT_BYTES,
  FOUND,
  RADIX_DIGITS,
  RESULT,
  ROWS,
  ROW_ENTRIES,
  SCALAR,
  SUMMAND,
  SUMMAND_BYTES,
} from './layout.ts'
import { type PointFunctions, copyPoint, setNeutral } from './points.ts'

const VECTOR_BYTES = 16
const VECTORS: number = ELEMENT_BYTES / VECTOR_BYTES
/** From one row of the table to the next. */
const ROW_DOUBLINGS = 8
const DIGIT_BITS = 4

type Step = Callable<readonly [], Statement>

/** Fills the tables, which stay. */
export function defineFillTables(module: ModuleBuilder, points: PointFunctions, fillOdd: FillOdd): Step {
  return module.procedure([], (f) => {
    copyPoint(f, RESULT, BASE)
    f.emit(fillOdd.call(BASE_ODD, 2 ** (BASE_WINDOW_BITS - 2)))
    copyPoint(f, RESULT, BASE)
    const [row, entry, end] = [f.let(i32.const(BASE_ROWS)), f.local('i32'), f.local('i32')]
    f.while(i32.ltU(row, BASE_ROWS + ROWS * ROW_ENTRIES * SUMMAND_BYTES), () => {
      f.set(entry, row)
      f.set(end, i32.add(row, ROW_ENTRIES * SUMMAND_BYTES))
      f.while(i32.ltU(entry, end), () => {
        f.emit(points.prepare.call(entry, RESULT), points.add.call(RESULT, row))
        f.set(entry, i32.add(entry, SUMMAND_BYTES))
      })
      // What is there now is nine times the row's first.
      f.emit(points.subtract.call(RESULT, row))
      for (let i = 0; i < ROW_DOUBLINGS - Math.log2(ROW_ENTRIES); i++) f.emit(points.double.call(RESULT))
      f.set(row, end)
    })
  })
}

export type FillOdd = Callable<readonly ['i32', 'i32'], Statement>

/** Fills a table, and how many entries, with the odd multiples of `RESULT`. */
export function defineFillOdd(module: ModuleBuilder, points: PointFunctions): FillOdd {
  return module.procedure(['i32', 'i32'], (f, table, entries) => {
    const end = f.let(i32.add(table, i32.mul(entries, SUMMAND_BYTES)))
    f.emit(points.prepare.call(table, RESULT), points.double.call(RESULT), points.prepare.call(FOUND, RESULT))
    // Twice the point and once make three times, and from there on twice more each.
    f.emit(points.add.call(RESULT, table))
    f.set(table, i32.add(table, SUMMAND_BYTES))
    f.while(i32.ltU(table, end), () => {
      f.emit(points.prepare.call(table, RESULT), points.add.call(RESULT, FOUND))
      f.set(table, i32.add(table, SUMMAND_BYTES))
    })
  })
}

/** Computes the multiple of the base point by `SCALAR`, which is below 2^255, to `RESULT`. */
export function defineMultiplyBase(module: ModuleBuilder, points: PointFunctions): Step {
  const recode = defineRecode(module)
  const select = defineSelect(module)
  return module.procedure([], (f) => {
    f.emit(recode.call())
    setNeutral(f, RESULT)
    const digit = f.local('i32')
    const addEveryOther = (first: number): void => {
      f.set(digit, first)
      f.while(i32.ltU(digit, RADIX_DIGITS), () => {
        const row = i32.add(i32.mul(i32.shrU(digit, 1), ROW_ENTRIES * SUMMAND_BYTES), BASE_ROWS)
        f.emit(select.call(row, i32.load8S(digit, DIGITS)), points.add.call(RESULT, FOUND))
        f.set(digit, i32.add(digit, 2))
      })
    }
    addEveryOther(1)
    for (let i = 0; i < DIGIT_BITS; i++) f.emit(points.double.call(RESULT))
    addEveryOther(0)
  })
}

/** Cuts `SCALAR` into digits from -8 to 7, but the last, which has the carry. */
function defineRecode(module: ModuleBuilder): Step {
  return module.procedure([], (f) => {
    const [i, carry] = [f.local('i32'), f.local('i32')]
    f.while(i32.ltU(i, RADIX_DIGITS), () => {
      const byte = i32.load8U(i32.shrU(i, 1), SCALAR)
      const digit = f.let(i32.and(i32.shrU(byte, i32.shl(i32.and(i, 1), 2)), 15))
      f.set(digit, i32.add(digit, carry))
      f.set(carry, i32.shrU(i32.add(digit, 8), DIGIT_BITS))
      // The last one is 8 at most, and stays.
      f.set(carry, i32.and(carry, i32.ne(i, RADIX_DIGITS - 1)))
      f.emit(i32.store8(i, DIGITS, i32.sub(digit, i32.shl(carry, DIGIT_BITS))))
      f.set(i, i32.add(i, 1))
    })
  })
}

/** Copies the multiple by a digit from -8 to 8 out of a row to `FOUND`. */
function defineSelect(module: ModuleBuilder): Callable<readonly ['i32', 'i32'], Statement> {
  return module.procedure(['i32', 'i32'], (f, row, digit) => {
    const sign = f.let(i32.shrS(digit, 31))
    const size = f.let(i32.sub(i32.xor(digit, sign), sign))
    const negative = f.let(i64x2.splat(i64.extendS(sign)))
    const wanted = f.let(i64x2.splat(i64.extendU(size)))
    const masks = Array.from({ length: ROW_ENTRIES + 1 }, (_, entry) =>
      f.let(i64x2.eq(wanted, v128.const(lanesOf(entry, entry)))),
    )
    const lookUp = (element: number, vector: number) => {
      const neutral = vector === 0 ? (NEUTRAL[element] ?? 0) : 0
      const parts = masks.map((mask, i) => {
        const at = element + vector * VECTOR_BYTES + (i - 1) * SUMMAND_BYTES
        return v128.and(mask, i === 0 ? v128.const(lanesOf(neutral, 0)) : v128.load(row, at))
      })
      return f.let(parts.reduce((all, part) => v128.or(all, part)))
    }
    for (let vector = 0; vector < VECTORS; vector++) {
      const put = (element: number, value: ReturnType<typeof lookUp> | ReturnType<typeof v128.xor>): void =>
        f.emit(v128.store(FOUND + element + vector * VECTOR_BYTES, 0, value))
      const [plus, minus] = [lookUp(SUMMAND.yPlusX, vector), lookUp(SUMMAND.yMinusX, vector)]
      // The opposite point has these two the other way round, and the third with the other sign.
      const swap = f.let(v128.and(v128.xor(plus, minus), negative))
      put(SUMMAND.yPlusX, v128.xor(plus, swap))
      put(SUMMAND.yMinusX, v128.xor(minus, swap))
      put(SUMMAND.t, i64x2.sub(v128.xor(lookUp(SUMMAND.t, vector), negative), negative))
      put(SUMMAND.twoZ, lookUp(SUMMAND.twoZ, vector))
    }
  })
}

/** The first limbs of the neutral point's summand, whose other limbs are zeros. */
const NEUTRAL: Readonly<Record<number, number>> = { [SUMMAND.yPlusX]: 1, [SUMMAND.yMinusX]: 1, [SUMMAND.twoZ]: 2 }

function lanesOf(first: number, second: number): Uint8Array {
  return new Uint8Array(BigInt64Array.of(BigInt(first), BigInt(second)).buffer)
}
