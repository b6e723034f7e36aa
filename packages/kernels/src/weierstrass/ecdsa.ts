/** ECDSA, with a nonce that comes from elsewhere. */

import { type Callable, type Expression, type ModuleBuilder, type Statement, i32 } from '../assembler.ts'
import type { Curve } from './curve-code.ts'
import { FieldCode } from './field-code.ts'
import type { Multiplication } from './multiplication.ts'
import { defineIsBelow } from './numbers.ts'
import type { AddMultiples } from './verification.ts'

type IsScalar = Callable<readonly ['i32'], Expression<'i32'>>

/** Whether bytes are a number from 1 to n - 1. */
export function defineIsScalar(module: ModuleBuilder, { layout, orderNumbers }: Curve): IsScalar {
  const number = layout.scalars.k
  return module.function(['i32'], 'i32', (f, bytes) => {
    f.emit(orderNumbers.read.call(number, bytes))
    const isReduced = f.let(orderNumbers.isReduced.call(number))
    return i32.and(isReduced, i32.eqz(orderNumbers.isZero.call(number)))
  })
}

/** @spec FIPS 186-5 §6.4.1 */
export function defineSign(
  module: ModuleBuilder,
  { layout, order, orderNumbers, invertOrder }: Curve,
  { multiplyBase }: Multiplication,
  isScalar: IsScalar,
  give: Callable<readonly ['i32', 'i32'], Statement>,
): { readonly index: number } {
  const { bytes, scalars, orderSquare, plainOne } = layout
  return module.function([], 'i32', (f) => {
    const isRight = f.let(i32.and(isScalar.call(bytes.scalar), isScalar.call(bytes.nonce)))
    f.if(isRight, () => {
      const code = new FieldCode(f, order)
      const take = (into: number, from: number): void => {
        f.emit(orderNumbers.read.call(into, from), order.multiply.call(into, into, orderSquare))
      }
      f.emit(multiplyBase.call(bytes.nonce), give.call(bytes.r, layout.affine.x))
      take(scalars.r, bytes.r)
      take(scalars.d, bytes.scalar)
      take(scalars.z, bytes.digest)
      take(scalars.k, bytes.nonce)
      code.multiply(scalars.s, scalars.r, scalars.d)
      code.combine(scalars.s, [1, scalars.s], [1, scalars.z])
      f.emit(invertOrder.call(scalars.k, scalars.k))
      code.multiply(scalars.s, scalars.s, scalars.k)
      for (const [into, from] of [
        [bytes.r, scalars.r],
        [bytes.s, scalars.s],
      ] as const) {
        code.multiply(from, from, plainOne)
        f.emit(orderNumbers.write.call(into, from))
        f.set(isRight, i32.and(isRight, i32.eqz(orderNumbers.isZero.call(from))))
      }
    })
    return isRight
  })
}

/** @spec FIPS 186-5 §6.4.2 */
export function defineVerify(
  module: ModuleBuilder,
  { parameters, layout, field, fieldNumbers, order, orderNumbers, invertOrder }: Curve,
  addMultiples: AddMultiples,
  isScalar: IsScalar,
  isPoint: Callable<readonly [], Expression<'i32'>>,
): { readonly index: number } {
  const { bytes, scalars, point, temporaries } = layout
  const [x, zz, difference] = temporaries
  const isSmall = defineIsBelow(module, order.modulus, parameters.p - parameters.n)
  return module.function([], 'i32', (f) => {
    const isRight = f.let(i32.and(i32.and(isScalar.call(bytes.r), isScalar.call(bytes.s)), isPoint.call()))
    f.if(isRight, () => {
      const modN = new FieldCode(f, order)
      const take = (into: number, from: number): void => {
        f.emit(orderNumbers.read.call(into, from), order.multiply.call(into, into, layout.orderSquare))
      }
      take(scalars.s, bytes.s)
      f.emit(invertOrder.call(scalars.s, scalars.s))
      // A product of a number in Montgomery's form and one that is not has left it.
      f.emit(orderNumbers.read.call(scalars.z, bytes.digest), orderNumbers.read.call(scalars.r, bytes.r))
      modN.multiply(scalars.z, scalars.z, scalars.s)
      modN.multiply(scalars.d, scalars.r, scalars.s)
      f.emit(orderNumbers.write.call(bytes.nonce, scalars.z), orderNumbers.write.call(bytes.scalar, scalars.d))

      // x/z, or x/z², is r modulo n: with no inverse, r or r + n times z, or z², is x.
      const isJacobian = f.let(addMultiples.call(bytes.nonce, bytes.scalar))
      f.set(isRight, 0)
      f.if(i32.eqz(fieldNumbers.isZero.call(point.z)), () => {
        const modP = new FieldCode(f, field)
        f.if(
          isJacobian,
          () => modP.square(zz, point.z),
          () => modP.multiply(zz, point.z, layout.one),
        )
        f.emit(fieldNumbers.read.call(x, bytes.r), field.multiply.call(x, x, layout.square))
        const compare = (): void => {
          modP.multiply(difference, x, zz)
          modP.combineSettled(difference, [1, difference], [-1, point.x])
          f.set(isRight, i32.or(isRight, fieldNumbers.isZero.call(difference)))
        }
        compare()
        f.emit(orderNumbers.read.call(scalars.r, bytes.r))
        f.if(isSmall.call(scalars.r), () => {
          modP.combineSettled(x, [1, x], [1, layout.order])
          compare()
        })
      })
    })
    return isRight
  })
}
