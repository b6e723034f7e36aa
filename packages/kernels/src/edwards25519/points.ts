/**
 * Points, in extended coordinates on the twisted curve -x^2 + y^2 = 1 + d x^2 y^2.
 *
 * The formulas are complete: they hold for every two points, equal, opposite and neutral ones too. The fourth
 * coordinate, X Y/Z, is kept as two factors, and multiplied out by an addition alone: a doubling has no use for it.
 *
 * @spec Hisil, Wong, Carter, Dawson 2008, "Twisted Edwards Curves Revisited" §3.1, §3.3, §4.3
 */

import {
  type Callable,
  type Expression,
  type FunctionBuilder,
  type ModuleBuilder,
  type Statement,
  i32,
  v128,
} from '../assembler.ts'
import type { EncodingFunctions } from './encoding.ts'
import { type FieldFunctions, add, subtract } from './field.ts'
import { ELEMENT_BYTES, POINT, SUMMAND, TEMPORARY, TWO_D } from './layout.ts'

const VECTOR_BYTES = 16

type OnPoint = Callable<readonly ['i32'], Statement>
type OnPointAndSummand = Callable<readonly ['i32', 'i32'], Statement>

export interface PointFunctions {
  readonly double: OnPoint
  /** Adds a summand to a point. */
  readonly add: OnPointAndSummand
  /** Takes a summand away from a point. */
  readonly subtract: OnPointAndSummand
  /** Makes a summand, at the first address, of a point at the second. */
  readonly prepare: OnPointAndSummand
  /** Whether a point is the neutral one, after as many doublings, which are done. */
  readonly isNeutral: Callable<readonly ['i32', 'i32'], Expression<'i32'>>
}

export function definePoints(
  module: ModuleBuilder,
  { multiply, square }: FieldFunctions,
  { isZero }: Pick<EncodingFunctions, 'isZero'>,
): PointFunctions {
  const [a, b, c, d, g, k] = TEMPORARY as readonly [number, number, number, number, number, number]
  const coordinatesOf = (f: FunctionBuilder, point: Expression<'i32'>) => ({
    x: f.let(i32.add(point, POINT.x)),
    y: f.let(i32.add(point, POINT.y)),
    z: f.let(i32.add(point, POINT.z)),
    e: f.let(i32.add(point, POINT.e)),
    h: f.let(i32.add(point, POINT.h)),
  })

  const double = module.procedure(['i32'], (f, point) => {
    const { x, y, z, e, h } = coordinatesOf(f, point)
    add(f, c, x, y)
    f.emit(square.call(a, x, 1), square.call(b, y, 1), square.call(c, c, 1), square.call(d, z, 1))
    add(f, h, a, b)
    subtract(f, e, c, h)
    subtract(f, g, b, a)
    add(f, d, d, d)
    subtract(f, d, d, g)
    f.emit(multiply.call(x, e, d), multiply.call(y, g, h), multiply.call(z, d, g))
  })

  const defineAdd = (isSubtraction: boolean): OnPointAndSummand =>
    module.procedure(['i32', 'i32'], (f, point, summand) => {
      const { x, y, z, e, h } = coordinatesOf(f, point)
      const [yPlusX, yMinusX] = [i32.add(summand, SUMMAND.yPlusX), i32.add(summand, SUMMAND.yMinusX)]
      subtract(f, a, y, x)
      add(f, b, y, x)
      f.emit(
        multiply.call(a, a, isSubtraction ? yPlusX : yMinusX),
        multiply.call(b, b, isSubtraction ? yMinusX : yPlusX),
        multiply.call(c, e, h),
        multiply.call(c, c, i32.add(summand, SUMMAND.t)),
        multiply.call(d, z, i32.add(summand, SUMMAND.twoZ)),
      )
      subtract(f, e, b, a)
      add(f, h, b, a)
      ;(isSubtraction ? add : subtract)(f, k, d, c)
      ;(isSubtraction ? subtract : add)(f, g, d, c)
      f.emit(multiply.call(x, e, k), multiply.call(y, g, h), multiply.call(z, k, g))
    })

  const prepare = module.procedure(['i32', 'i32'], (f, summand, point) => {
    const { x, y, z, e, h } = coordinatesOf(f, point)
    const t = f.let(i32.add(summand, SUMMAND.t))
    add(f, i32.add(summand, SUMMAND.yPlusX), y, x)
    subtract(f, i32.add(summand, SUMMAND.yMinusX), y, x)
    add(f, i32.add(summand, SUMMAND.twoZ), z, z)
    f.emit(multiply.call(t, e, h), multiply.call(t, t, TWO_D))
  })

  const isNeutral = module.function(['i32', 'i32'], 'i32', (f, point, doublings) => {
    f.while(doublings, () => {
      f.emit(double.call(point))
      f.set(doublings, i32.sub(doublings, 1))
    })
    const { x, y, z } = coordinatesOf(f, point)
    subtract(f, a, y, z)
    return i32.and(isZero.call(x), isZero.call(a))
  })

  return { double, add: defineAdd(false), subtract: defineAdd(true), prepare, isNeutral }
}

/** Copies a point. */
export function copyPoint(f: FunctionBuilder, to: Expression<'i32'> | number, from: Expression<'i32'> | number): void {
  for (let at = 0; at < 5 * ELEMENT_BYTES; at += VECTOR_BYTES) f.emit(v128.store(to, at, v128.load(from, at)))
}

/** Makes a point the neutral one, on memory that may hold anything. */
export function setNeutral(f: FunctionBuilder, point: number): void {
  f.fill(point, 0, 5 * ELEMENT_BYTES)
  for (const coordinate of [POINT.y, POINT.z, POINT.h]) f.emit(v128.store(point + coordinate, 0, ONE_LIMB))
}

const ONE_LIMB = v128.const(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
