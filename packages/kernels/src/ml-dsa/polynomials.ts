/** What is done with polynomials coefficient by coefficient, four at a time. */

import {
  type Callable,
  type Expression,
  type FunctionBuilder,
  type ModuleBuilder,
  type Statement,
  i32,
  i32x4,
  i64x2,
  v128,
} from '../assembler.ts'
import { POLYNOMIAL_BYTES } from './layout.ts'
import { type Vector, center, divide, multiplyWide, raise } from './modular.ts'

const VECTOR_BYTES = 16

export interface PolynomialFunctions {
  /**
   * The sum of products of as many polynomials, transformed: out, first factors, second ones, how many. Divided by 2^32.
   * There are at most eight, the first below q in size and the second below 9 q; or there is one, and both are below 9 q.
   */
  readonly multiply: Callable<readonly ['i32', 'i32', 'i32', 'i32'], Statement>
  /** out, a, b: a + b, centered. */
  readonly add: Callable<readonly ['i32', 'i32', 'i32'], Statement>
  /** out, a, b: a - b, centered. */
  readonly subtract: Callable<readonly ['i32', 'i32', 'i32'], Statement>
  /** out, a: from between -q and q to between 0 and q. */
  readonly raise: Callable<readonly ['i32', 'i32'], Statement>
  /** out, a: to nearest to zero. */
  readonly center: Callable<readonly ['i32', 'i32'], Statement>
  /** out, a. */
  readonly copy: Callable<readonly ['i32', 'i32'], Statement>
  /** Multiplies by 2 to the power of so many: out, a, how many. */
  readonly shift: Callable<readonly ['i32', 'i32', 'i32'], Statement>
  /** Whether a coefficient is as large as a bound, or larger, in size. */
  readonly reaches: Callable<readonly ['i32', 'i32'], Expression<'i32'>>
}

export function definePolynomials(module: ModuleBuilder): PolynomialFunctions {
  const defineUnary = (operation: (f: FunctionBuilder, a: Vector) => Vector) =>
    module.procedure(['i32', 'i32'], (f, out, a) => {
      forVectors(f, (at) => f.emit(v128.store(i32.add(out, at), 0, operation(f, v128.load(i32.add(a, at))))))
    })
  const defineBinary = (operation: (a: Vector, b: Vector) => Vector) =>
    module.procedure(['i32', 'i32', 'i32'], (f, out, a, b) => {
      forVectors(f, (at) => {
        const value = operation(v128.load(i32.add(a, at)), v128.load(i32.add(b, at)))
        f.emit(v128.store(i32.add(out, at), 0, center(f, value)))
      })
    })

  return {
    multiply: module.procedure(['i32', 'i32', 'i32', 'i32'], (f, out, a, b, count) => {
      const end = f.let(i32.mul(count, POLYNOMIAL_BYTES))
      const [low, high, polynomial] = [f.local('v128'), f.local('v128'), f.local('i32')]
      forVectors(f, (at) => {
        const [left, right] = [f.let(i32.add(a, at)), f.let(i32.add(b, at))]
        f.set(low, v128.const(new Uint8Array(VECTOR_BYTES)))
        f.set(high, low)
        f.set(polynomial, 0)
        f.while(i32.ltU(polynomial, end), () => {
          const factor = f.let(v128.load(i32.add(left, polynomial)))
          const product = multiplyWide(factor, f.let(v128.load(i32.add(right, polynomial))))
          f.set(low, i64x2.add(low, product.low))
          f.set(high, i64x2.add(high, product.high))
          f.set(polynomial, i32.add(polynomial, POLYNOMIAL_BYTES))
        })
        f.emit(v128.store(i32.add(out, at), 0, divide(f, { low, high })))
      })
    }),
    add: defineBinary(i32x4.add),
    subtract: defineBinary(i32x4.sub),
    raise: defineUnary(raise),
    center: defineUnary(center),
    copy: defineUnary((_, value) => value),
    shift: module.procedure(['i32', 'i32', 'i32'], (f, out, a, bits) => {
      forVectors(f, (at) => {
        f.emit(v128.store(i32.add(out, at), 0, i32x4.shl(v128.load(i32.add(a, at)), bits)))
      })
    }),
    reaches: module.function(['i32', 'i32'], 'i32', (f, a, bound) => {
      const most = f.let(i32x4.splat(i32.sub(bound, 1)))
      const found = f.local('v128')
      forVectors(f, (at) => {
        const value = f.let(v128.load(i32.add(a, at)))
        const sign = f.let(i32x4.shrS(value, 31))
        const size = i32x4.sub(v128.xor(value, sign), sign)
        f.set(found, v128.or(found, i32x4.gtS(size, most)))
      })
      return v128.anyTrue(found)
    }),
  }
}

/** @param body is given how far into a polynomial each vector is */
export function forVectors(f: FunctionBuilder, body: (at: Expression<'i32'>) => void): void {
  const at = f.let(i32.const(0))
  f.while(i32.ltU(at, POLYNOMIAL_BYTES), () => {
    body(at)
    f.set(at, i32.add(at, VECTOR_BYTES))
  })
}
