/**
 * Multiplication by secret scalars: the same instructions on the same addresses for all of them.
 *
 * A scalar is made odd, by taking it from n where it is even, and cut into digits that are odd, of either sign, and never
 * zero. With w bits to a digit, digit i is 2u + 1 - 2^w, where u are the w bits of the scalar from bit wi + 1 on; the
 * highest has a bit of its own above them. So nothing is ever infinite on the way, and no digit is left out.
 *
 * @spec Joye, Tunstall 2009, "Exponent recoding and regular exponentiation algorithms"
 */

import { type Callable, type Expression, type ModuleBuilder, type Statement, i32, i64 } from '../assembler.ts'
import type { Curve } from './curve-code.ts'
import { FIXED_WINDOW_BITS, VARIABLE_WINDOW_BITS, oddMultiples } from './layout.ts'
import { LIMB_BYTES } from './modulus.ts'
import type { Tables } from './tables.ts'

export interface Multiplication {
  /** Makes the rows of the base point, which multiplication by it looks into. */
  readonly buildRows: Callable<readonly [], Statement>
  /** affine = the scalar in bytes at the address, 1 to n - 1, times the base point. */
  readonly multiplyBase: Callable<readonly ['i32'], Statement>
  /** affine = the scalar times `affine`. */
  readonly multiplyPoint: Callable<readonly ['i32'], Statement>
}

export function defineMultiplication(module: ModuleBuilder, curve: Curve, tables: Tables): Multiplication {
  const { layout, points } = curve
  const { affine } = layout
  const makeOdd = defineMakeOdd(module, curve)
  const finish = defineFinish(module, curve)

  return {
    buildRows: module.procedure([], (f) => {
      const row = f.let(i32.const(layout.rows))
      const end = layout.rows + layout.fixedWindows * layout.rowBytes
      for (const [to, from] of [
        [affine.x, layout.baseX],
        [affine.y, layout.baseY],
      ] as const) {
        for (let at = 0; at < layout.slotBytes; at += LIMB_BYTES) {
          f.emit(i64.store(i32.const(to), at, i64.load(i32.const(from), at)))
        }
      }
      f.while(i32.ltU(row, end), () => {
        f.emit(tables.build.call(row, oddMultiples(FIXED_WINDOW_BITS)), points.begin.call())
        for (let i = 0; i < FIXED_WINDOW_BITS; i++) f.emit(points.doubleJacobian.call())
        f.emit(points.toHomogeneous.call(), points.toAffine.call())
        f.set(row, i32.add(row, layout.rowBytes))
      })
    }),

    multiplyBase: module.procedure(['i32'], (f, scalar) => {
      const negative = f.let(makeOdd.call(scalar, FIXED_WINDOW_BITS * layout.fixedWindows))
      const [row, bit] = [f.let(i32.const(layout.rows)), f.let(i32.const(1))]
      const end = layout.rows + layout.fixedWindows * layout.rowBytes
      const select = (): Statement => tables.selectFixed.call(row, digitAt(layout.bytes.odd, bit, FIXED_WINDOW_BITS))
      f.emit(select(), points.beginWithOther.call())
      f.loop((start) => {
        f.set(row, i32.add(row, layout.rowBytes))
        f.set(bit, i32.add(bit, FIXED_WINDOW_BITS))
        f.emit(select(), points.addComplete.call())
        f.branchIf(i32.ltU(row, end - layout.rowBytes), start)
      })
      f.emit(finish.call(negative))
    }),

    multiplyPoint: module.procedure(['i32'], (f, scalar) => {
      const bits = VARIABLE_WINDOW_BITS * layout.variableWindows
      const negative = f.let(makeOdd.call(scalar, bits))
      f.emit(tables.build.call(layout.multiples, oddMultiples(VARIABLE_WINDOW_BITS)))
      const bit = f.let(i32.const(bits - VARIABLE_WINDOW_BITS + 1))
      const select = (): Statement =>
        tables.selectVariable.call(layout.multiples, digitAt(layout.bytes.odd, bit, VARIABLE_WINDOW_BITS))
      f.emit(select(), points.beginWithOther.call())
      f.loop((start) => {
        f.set(bit, i32.sub(bit, VARIABLE_WINDOW_BITS))
        f.emit(points.toJacobian.call())
        for (let i = 0; i < VARIABLE_WINDOW_BITS; i++) f.emit(points.doubleJacobian.call())
        f.emit(points.toHomogeneous.call(), select(), points.addComplete.call())
        f.branchIf(i32.gtU(bit, 1), start)
      })
      f.emit(finish.call(negative))
    }),
  }
}

/** @param bit where the digit's bits begin */
function digitAt(bytes: number, bit: Expression<'i32'>, windowBits: number): Expression<'i32'> {
  const mask = (1 << windowBits) - 1
  return i32.and(i32.shrU(i32.load(i32.shrU(bit, 3), bytes), i32.and(bit, 7)), mask)
}

/**
 * Writes the scalar, or n less it, to the odd bytes, and a bit above: `scalar`, `topBit`.
 *
 * @returns -1 where it was taken from n, or 0
 */
function defineMakeOdd(module: ModuleBuilder, curve: Curve): Callable<readonly ['i32', 'i32'], Expression<'i64'>> {
  const { layout, order, orderNumbers } = curve
  const number = layout.scalars.k
  return module.function(['i32', 'i32'], 'i64', (f, scalar, topBit) => {
    const negative = f.let(i64.sub(i64.and(i64.load(scalar), 1n), 1n))
    f.emit(orderNumbers.read.call(number, scalar))
    for (const [i, digit] of order.modulus.digits.entries()) {
      const limb = negated(i64.load(i32.const(number), LIMB_BYTES * i), negative)
      f.emit(i64.store(i32.const(number), LIMB_BYTES * i, i64.add(limb, i64.and(negative, digit))))
    }
    f.emit(i64.store(layout.bytes.odd, (order.modulus.bits >> 5) << 2, 0n))
    f.emit(orderNumbers.write.call(layout.bytes.odd, number))
    const byte = f.let(i32.add(i32.shrU(topBit, 3), layout.bytes.odd))
    f.emit(i32.store8(byte, 0, i32.or(i32.load8U(byte), i32.shl(1, i32.and(topBit, 7)))))
    return negative
  })
}

/** affine = point, or its opposite where the scalar was taken from n. */
function defineFinish(module: ModuleBuilder, { layout, points, field }: Curve): Callable<readonly ['i64'], Statement> {
  const y = i32.const(layout.affine.y)
  return module.procedure(['i64'], (f, negative) => {
    f.emit(points.toAffine.call())
    for (let i = 0; i < field.modulus.limbCount; i++) {
      f.emit(i64.store(y, LIMB_BYTES * i, negated(i64.load(y, LIMB_BYTES * i), negative)))
    }
  })
}

/** @param negative -1 for the opposite, or 0 */
function negated(limb: Expression<'i64'>, negative: Expression<'i64'>): Expression<'i64'> {
  return i64.sub(i64.xor(limb, negative), negative)
}
