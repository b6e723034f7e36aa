/** The curve's equation: which coordinates are a point's, and the points that an x has. All of it public. */

import { type Callable, type Expression, type ModuleBuilder, i32 } from '../assembler.ts'
import type { Curve } from './curve-code.ts'
import { FieldCode } from './field-code.ts'

type Question = Callable<readonly [], Expression<'i32'>>

export interface Equation {
  /** Takes x and y into `affine`. @returns whether they are a point's. @spec SP 800-56A rev. 3 §5.6.2.3.3 */
  readonly isPoint: Question
  /** Takes x into `affine`, and a y. @returns whether they are a point's. @spec SEC 1 §2.3.4 */
  readonly decompress: Question
}

export function defineEquation(module: ModuleBuilder, curve: Curve): Equation {
  const { parameters, layout, field, fieldNumbers } = curve
  const { affine, bytes, temporaries } = layout
  const [right, power, difference] = temporaries

  /** Takes a coordinate in. @returns whether it is below p */
  const take = module.function(['i32', 'i32'], 'i32', (f, into, from) => {
    f.emit(fieldNumbers.read.call(into, from))
    const isReduced = f.let(fieldNumbers.isReduced.call(into))
    f.emit(field.multiply.call(into, into, layout.square))
    return isReduced
  })
  /** right = x³ + ax + b */
  const computeRight = module.procedure([], (f) => {
    const code = new FieldCode(f, field)
    code.square(right, affine.x)
    if (parameters.a !== 0n) code.combine(right, [1, right], [Number(parameters.a), layout.one])
    code.multiply(right, right, affine.x)
    code.combineSettled(right, [1, right], [1, layout.b])
  })
  const isSolved = module.function([], 'i32', (f) => {
    const code = new FieldCode(f, field)
    code.square(difference, affine.y)
    code.combineSettled(difference, [1, difference], [-1, right])
    return fieldNumbers.isZero.call(difference)
  })

  return {
    isPoint: module.function([], 'i32', (f) => {
      const [isX, isY] = [f.let(take.call(affine.x, bytes.x)), f.let(take.call(affine.y, bytes.y))]
      f.emit(computeRight.call())
      return i32.and(i32.and(isX, isY), isSolved.call())
    }),

    decompress: module.function([], 'i32', (f) => {
      const isX = f.let(take.call(affine.x, bytes.x))
      f.emit(computeRight.call())
      const code = new FieldCode(f, field)
      // p is 3 modulo 4, so the power (p + 1) / 4 of a square is its root.
      code.combine(power, [1, layout.one])
      const bit = f.let(i32.const(field.modulus.bits - 1))
      f.loop((start) => {
        code.square(power, power)
        const byte = i32.load8U(i32.shrU(bit, 3), layout.rootExponent)
        f.if(i32.and(i32.shrU(byte, i32.and(bit, 7)), 1), () => code.multiply(power, power, right))
        f.set(bit, i32.sub(bit, 1))
        f.branchIf(i32.eqz(i32.ltS(bit, 0)), start)
      })
      code.combine(affine.y, [1, power])
      return i32.and(isX, isSolved.call())
    }),
  }
}
