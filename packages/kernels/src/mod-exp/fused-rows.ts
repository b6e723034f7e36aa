/**
 * Montgomery's rows on fused multiply-add.
 *
 * Rows are taken by twos, over the columns of `SUMS` from that of the first on. To a column come, of the first row, the
 * lower halves of its own products and the upper halves of those one column below; of the second row the same, one
 * column further up. The constants of all these are taken away when a column is stored.
 *
 * The quotients, which are what the rows take the modulus times, depend on their lowest two columns, one step waiting for
 * the other. Meanwhile the processor goes over columns of the two rows before, which stand in between.
 *
 * @spec Koç, Acar, Kaliski 1996, "Analyzing and Comparing Montgomery Multiplication Algorithms"
 */

import { type Expression, type FunctionBuilder, type Local, i32, i64x2, v128 } from '../assembler.ts'
import { LOWER_BITS, UPPER_BITS, carryOf, constant, declareProducts, toLimbs } from './fused-limbs.ts'
import { INVERSE, MODULUS, MULTIPLE, SUMS } from './layout.ts'

/** From a limb to the next, with those of both numbers side by side. */
export const LIMB_BYTES = 16

type Vector = Local<'v128'>
type Step = () => void

/**
 * What rows are reduced by: the multiple of the modulus that is -1 modulo 2^51, of which the low bits of a column are
 * themselves the quotient, or the modulus.
 */
export type Reducer = 'multiple' | 'modulus'

interface Factors {
  readonly a: Local<'i32'>
  readonly b: Local<'i32'>
}

/** Two rows: limbs of a factor, quotients, and what came so far to the two columns that are next. */
interface Rows {
  readonly a: readonly [Vector, Vector]
  readonly q: readonly [Vector, Vector]
  readonly next: readonly [Vector, Vector]
}

/**
 * Leaves the result in the upper half of `SUMS`, with carries that have not gone through.
 *
 * @param length of a number, in bytes
 * @param factors whose product is added to what stands in `SUMS`
 */
export function addRows(f: FunctionBuilder, length: Local<'i32'>, reducer: Reducer, factors?: Factors): void {
  const { multiplyAdd, multiplyInto } = declareProducts(f)
  const pair = () => f.locals('v128', 2)
  const declareRows = (): Rows => ({ a: pair(), q: pair(), next: pair() })
  const [rows, rowsToCome] = [declareRows(), declareRows()]
  const [[low0, low1], [limb, modulusLimb]] = [pair(), pair()]
  const [carry, beyond] = pair()
  const [row, at, sums] = f.locals('i32', 3)

  const isPlain = reducer === 'modulus'
  const m = isPlain ? MODULUS : MULTIPLE
  const loadModulus = (index: number): Expression<'v128'> => v128.load(0, m + index * LIMB_BYTES)
  /** How many products each row adds to a column. */
  const products = factors === undefined ? 1n : 2n
  const excess = f.let(constant(2n * products * (UPPER_BITS + LOWER_BITS)))

  const setQuotient = (sum: Vector, into: Vector): void => {
    f.set(into, toLimbs(sum))
    if (!isPlain) return
    f.set(limb, v128.load(INVERSE))
    const product = f.let(constant(0n))
    multiplyInto(into, limb, product, beyond)
    f.set(into, toLimbs(product))
  }
  const multiplyQuotient = (q: Vector, index: number, low: Vector, high: Vector, isFirst: boolean): void => {
    f.set(modulusLimb, loadModulus(index))
    ;(isFirst ? multiplyInto : multiplyAdd)(q, modulusLimb, low, high)
  }

  /** The lowest two columns of two rows, which become zero: each step waits for the one before. */
  const begin = ({ a, q, next }: Rows): readonly Step[] => [
    () => {
      if (factors === undefined) return
      f.set(a[0], v128.load(i32.add(factors.a, row)))
      f.set(a[1], v128.load(i32.add(factors.a, row), LIMB_BYTES))
      f.set(limb, v128.load(factors.b))
      multiplyAdd(a[0], limb, low0, low1)
      multiplyInto(a[1], limb, low1, next[0])
      f.set(limb, v128.load(factors.b, LIMB_BYTES))
      multiplyAdd(a[0], limb, low1, next[0])
    },
    () => setQuotient(low0, q[0]),
    () => {
      const known = (factors === undefined ? 0n : LOWER_BITS) + (isPlain ? LOWER_BITS : 0n)
      if (isPlain) multiplyQuotient(q[0], 0, low0, low1, false)
      f.set(low1, i64x2.add(low1, carryOf(low0, known)))
    },
    () => multiplyQuotient(q[0], 1, low1, next[0], factors === undefined),
    () => setQuotient(low1, q[1]),
    () => {
      const ofFactors = factors === undefined ? 0n : UPPER_BITS + 2n * LOWER_BITS
      const ofModulus = LOWER_BITS + (isPlain ? UPPER_BITS + LOWER_BITS : 0n)
      if (isPlain) multiplyQuotient(q[1], 0, low1, next[0], false)
      f.set(carry, carryOf(low1, ofFactors + ofModulus))
    },
    () => {
      if (factors !== undefined) {
        f.set(limb, v128.load(factors.b, LIMB_BYTES))
        multiplyInto(a[1], limb, next[0], next[1])
      }
      multiplyQuotient(q[1], 1, next[0], next[1], factors === undefined)
      // The multiple has a zero for its lowest limb, whose upper half is not even computed.
      if (!isPlain) f.set(next[0], i64x2.add(next[0], constant(UPPER_BITS)))
    },
  ]

  /** Goes over the column `at`, and on to the next. */
  const addColumn = ({ a, q, next }: Rows, keep: (column: Vector) => void): void => {
    const [column, columnAbove] = next
    f.set(modulusLimb, v128.load(at, m))
    f.set(column, i64x2.add(column, i64x2.sub(v128.load(sums), excess)))
    if (factors !== undefined) {
      f.set(limb, v128.load(i32.add(factors.b, at)))
      multiplyAdd(a[0], limb, column, columnAbove)
      multiplyInto(a[1], limb, columnAbove, beyond)
    }
    multiplyAdd(q[0], modulusLimb, column, columnAbove)
    ;(factors === undefined ? multiplyInto : multiplyAdd)(q[1], modulusLimb, columnAbove, beyond)
    keep(column)
    f.set(column, columnAbove)
    f.set(columnAbove, beyond)
    f.set(at, i32.add(at, LIMB_BYTES))
    f.set(sums, i32.add(sums, LIMB_BYTES))
  }
  const storeColumn = (column: Vector): void => f.emit(v128.store(sums, 0, column))
  const addLowest = (): void => {
    f.set(at, 2 * LIMB_BYTES)
    f.set(sums, i32.add(row, SUMS + 2 * LIMB_BYTES))
    addColumn(rows, (column) => f.set(low0, i64x2.add(column, carry)))
    addColumn(rows, (column) => f.set(low1, column))
  }
  const addOthers = (): void => {
    f.while(i32.ltU(at, length), () => addColumn(rows, storeColumn))
    const addLast = (offset: number, column: Vector, known: bigint): void =>
      f.emit(v128.store(sums, offset, i64x2.add(v128.load(sums, offset), i64x2.sub(column, constant(known)))))
    addLast(0, rows.next[0], products * (2n * UPPER_BITS + LOWER_BITS))
    addLast(LIMB_BYTES, rows.next[1], products * UPPER_BITS)
  }

  f.set(low0, v128.load(0, SUMS))
  f.set(low1, v128.load(0, SUMS + LIMB_BYTES))
  for (const step of begin(rows)) step()
  const last = f.let(i32.sub(length, 2 * LIMB_BYTES))
  f.while(i32.ltU(row, last), () => {
    addLowest()
    f.set(row, i32.add(row, 2 * LIMB_BYTES))
    for (const step of begin(rowsToCome)) {
      step()
      f.if(i32.ltU(at, length), () => addColumn(rows, storeColumn))
    }
    addOthers()
    for (const name of ['a', 'q', 'next'] as const) {
      f.set(rows[name][0], rowsToCome[name][0])
      f.set(rows[name][1], rowsToCome[name][1])
    }
  })
  addLowest()
  f.emit(v128.store(row, SUMS + 2 * LIMB_BYTES, low0), v128.store(row, SUMS + 3 * LIMB_BYTES, low1))
  addOthers()
}
