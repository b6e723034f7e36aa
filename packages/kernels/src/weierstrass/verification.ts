/**
 * u G + v Q for scalars and points that anyone may know, as fast as it goes.
 *
 * Both scalars are written in digits that are mostly zero, and their multiplications share the doublings. Jacobian
 * additions fail when they meet equal or opposite points, which takes scalars that were made for it; then z is zero in the
 * end, and the sum is computed again, slowly, by formulas without exceptions.
 *
 * @spec Hankerson, Menezes, Vanstone 2004, "Guide to Elliptic Curve Cryptography", algorithms 3.35, 3.51
 */

import { type Callable, type Expression, type ModuleBuilder, type Statement, i32 } from '../assembler.ts'
import type { Curve } from './curve-code.ts'
import { BASE_NAF_BITS, POINT_NAF_BITS, oddMultiples } from './layout.ts'
import type { Multiplication } from './multiplication.ts'
import type { Tables } from './tables.ts'

/**
 * point = u G + v `affine`, for u and v in bytes at these addresses, v not zero.
 *
 * @returns 1 where it is Jacobian, 0 where it is homogeneous
 */
export type AddMultiples = Callable<readonly ['i32', 'i32'], Expression<'i32'>>

const SIGN_SHIFT = 24

export function defineAddMultiples(
  module: ModuleBuilder,
  curve: Curve,
  tables: Tables,
  multiplication: Multiplication,
): AddMultiples {
  const { layout, points, order, fieldNumbers, orderNumbers } = curve
  const { affine, kept, other, point, slotBytes } = layout
  const { bits } = order.modulus
  const recode = defineRecode(module, bits)
  const move = defineMove(module, slotBytes)

  const addSlowly = module.procedure(['i32', 'i32'], (f, u, v) => {
    f.emit(multiplication.multiplyPoint.call(v))
    f.emit(move.call(point.x, affine.x), move.call(point.y, affine.y), move.call(point.z, layout.one))
    f.emit(orderNumbers.read.call(layout.scalars.k, u))
    f.if(i32.eqz(orderNumbers.isZero.call(layout.scalars.k)), () => {
      f.emit(move.call(kept.x, affine.x), move.call(kept.y, affine.y))
      f.emit(multiplication.multiplyBase.call(u))
      f.emit(move.call(other.x, kept.x), move.call(other.y, kept.y))
      f.emit(points.begin.call(), points.addComplete.call())
    })
  })

  return module.function(['i32', 'i32'], 'i32', (f, u, v) => {
    f.emit(recode.call(layout.baseDigits, u, BASE_NAF_BITS), recode.call(layout.pointDigits, v, POINT_NAF_BITS))
    f.emit(tables.build.call(layout.multiples, oddMultiples(POINT_NAF_BITS - 1)))
    const [position, isBegun] = [f.let(i32.const(bits)), f.local('i32')]
    const addDigit = (digits: number, table: number): void => {
      const digit = f.let(i32.shrS(i32.shl(i32.load8U(position, digits), SIGN_SHIFT), SIGN_SHIFT))
      f.if(digit, () => {
        f.emit(tables.take.call(table, digit))
        f.if(
          isBegun,
          () => f.emit(points.addJacobian.call()),
          () => f.emit(points.beginWithOther.call()),
        )
        f.set(isBegun, 1)
      })
    }
    f.loop((start) => {
      f.if(isBegun, () => f.emit(points.doubleJacobian.call()))
      addDigit(layout.pointDigits, layout.multiples)
      addDigit(layout.baseDigits, layout.rows)
      f.set(position, i32.sub(position, 1))
      f.branchIf(i32.eqz(i32.ltS(position, 0)), start)
    })
    const isJacobian = f.let(i32.eqz(fieldNumbers.isZero.call(point.z)))
    f.if(i32.eqz(isJacobian), () => f.emit(addSlowly.call(u, v)))
    return isJacobian
  })
}

/**
 * Writes digits for each bit, the lowest first: each is zero, or odd and below 2^(width - 1) with either sign, and of as
 * many as the width only one is not zero: `digits`, `scalar`, `width`.
 */
function defineRecode(module: ModuleBuilder, bits: number): Callable<readonly ['i32', 'i32', 'i32'], Statement> {
  return module.procedure(['i32', 'i32', 'i32'], (f, digits, scalar, width) => {
    f.fill(digits, 0, bits + 1)
    const [bit, carry, word] = [f.local('i32'), f.local('i32'), f.local('i32')]
    const all = f.let(i32.sub(i32.shl(1, width), 1))
    f.while(i32.leU(bit, bits), () => {
      f.set(word, i32.shrU(i32.load(i32.add(scalar, i32.shrU(bit, 3))), i32.and(bit, 7)))
      f.if(
        i32.eq(i32.and(word, 1), carry),
        () => f.set(bit, i32.add(bit, 1)),
        () => {
          f.set(word, i32.add(i32.and(word, all), carry))
          f.set(carry, i32.and(i32.shrU(word, i32.sub(width, 1)), 1))
          f.emit(i32.store8(i32.add(digits, bit), 0, i32.sub(word, i32.shl(carry, width))))
          f.set(bit, i32.add(bit, width))
        },
      )
    })
  })
}

function defineMove(module: ModuleBuilder, bytes: number): Callable<readonly ['i32', 'i32'], Statement> {
  return module.procedure(['i32', 'i32'], (f, to, from) => {
    const at = f.local('i32')
    f.while(i32.ltU(at, bytes), () => {
      f.emit(i32.store(i32.add(to, at), 0, i32.load(i32.add(from, at))))
      f.set(at, i32.add(at, 4))
    })
  })
}
