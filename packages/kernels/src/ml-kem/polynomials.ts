/** What is done with polynomials coefficient by coefficient, and products of transformed ones. @spec FIPS 203 §4.3.1 */

import {
  type Callable,
  type FunctionBuilder,
  type Local,
  type ModuleBuilder,
  type Statement,
  i16x8,
  i32,
  i32x4,
  i8x16,
  v128,
} from '../assembler.ts'
import { encodeUnits, power, reverseBits } from '../lattice/factors.ts'
import { COEFFICIENTS, PAIR_ZETAS, POLYNOMIAL_BYTES } from './layout.ts'
import {
  MODULUS,
  RADIX,
  ROOT,
  type Vector,
  divide,
  encodeFactor,
  encodePairFactor,
  multiplyConstant,
  raise,
  reduce,
  splat32,
} from './modular.ts'

const VECTOR_BYTES = 16
const SWAPPED = [2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13]
const PAIRS_IN_VECTOR = 4
const PAIR_BITS = 7

export interface PolynomialFunctions {
  /**
   * The sum of products of transformed polynomials: out, first factors, how far they are apart, second ones, how many.
   * Divided by 2^16. The first are below q in size, the second below 0.6 q, and there are at most four.
   */
  readonly multiply: Callable<readonly ['i32', 'i32', 'i32', 'i32', 'i32'], Statement>
  /** out, a, b: a + b, below 0.6 q in size. */
  readonly add: Callable<readonly ['i32', 'i32', 'i32'], Statement>
  /** out, a, b: a - b, likewise. */
  readonly subtract: Callable<readonly ['i32', 'i32', 'i32'], Statement>
  /** out, a: to below 0.6 q in size. */
  readonly reduce: Callable<readonly ['i32', 'i32'], Statement>
  /** out, a: times 2^16, below q in size. */
  readonly restore: Callable<readonly ['i32', 'i32'], Statement>
  /** out, a: from below 0.6 q in size to between 0 and q. */
  readonly raise: Callable<readonly ['i32', 'i32'], Statement>
}

export function definePolynomials(module: ModuleBuilder): PolynomialFunctions {
  module.data(PAIR_ZETAS, pairZetas())
  const defineUnary = (operation: (f: FunctionBuilder, value: Local<'v128'>) => Vector) =>
    module.procedure(['i32', 'i32'], (f, out, a) => {
      forVectors(f, (at) => {
        f.emit(v128.store(i32.add(out, at), 0, operation(f, f.let(v128.load(i32.add(a, at))))))
      })
    })
  const defineBinary = (operation: (a: Vector, b: Vector) => Vector) =>
    module.procedure(['i32', 'i32', 'i32'], (f, out, a, b) => {
      forVectors(f, (at) => {
        const value = f.let(operation(v128.load(i32.add(a, at)), v128.load(i32.add(b, at))))
        f.emit(v128.store(i32.add(out, at), 0, reduce(f, value)))
      })
    })

  return {
    multiply: module.procedure(['i32', 'i32', 'i32', 'i32', 'i32'], (f, out, a, apart, b, count) => {
      const [low, high, left, right, rest] = [
        f.local('v128'),
        f.local('v128'),
        f.local('i32'),
        f.local('i32'),
        f.local('i32'),
      ]
      forVectors(f, (at) => {
        const zetas = f.let(i32.add(i32.shl(at, 1), PAIR_ZETAS))
        const [factor, companion] = [f.let(v128.load(zetas)), f.let(v128.load(zetas, VECTOR_BYTES))]
        f.set(low, splat32(0))
        f.set(high, low)
        f.set(left, i32.add(a, at))
        f.set(right, i32.add(b, at))
        f.set(rest, count)
        f.while(rest, () => {
          // (a0 + a1 X)(b0 + b1 X) modulo X^2 - zeta.
          const [first, second] = [f.let(v128.load(left)), f.let(v128.load(right))]
          const turned = multiplyConstant(f, second, factor, companion)
          f.set(low, i32x4.add(low, i32x4.dotI16x8S(first, turned)))
          f.set(high, i32x4.add(high, i32x4.dotI16x8S(first, i8x16.shuffle(SWAPPED, second, second))))
          f.set(left, i32.add(left, apart))
          f.set(right, i32.add(right, POLYNOMIAL_BYTES))
          f.set(rest, i32.sub(rest, 1))
        })
        const pairs = v128.or(v128.and(divide(f, low), splat32(0xffff)), i32x4.shl(divide(f, high), 16))
        f.emit(v128.store(i32.add(out, at), 0, pairs))
      })
    }),
    add: defineBinary(i16x8.add),
    subtract: defineBinary(i16x8.sub),
    reduce: defineUnary(reduce),
    restore: defineUnary((f, value) => {
      const [factor, companion] = encodeFactor(RADIX)
      return multiplyConstant(f, value, splat32(factor), splat32(companion))
    }),
    raise: defineUnary((_, value) => raise(value)),
  }
}

/** For each vector of coefficients the factors 1 and zeta, for each of its pairs, and their companions. */
function pairZetas(): number[] {
  const modulus = BigInt(MODULUS)
  const zetas = Array.from({ length: COEFFICIENTS / 2 }, (_, i) =>
    power(ROOT, 2 * reverseBits(i, PAIR_BITS) + 1, modulus),
  )
  const field = { modulus, root: ROOT, encodeFactor: (zeta: bigint) => encodePairFactor(1n, zeta) }
  return Array.from({ length: zetas.length / PAIRS_IN_VECTOR }, (_, i) =>
    encodeUnits(field, zetas.slice(PAIRS_IN_VECTOR * i, PAIRS_IN_VECTOR * (i + 1))),
  ).flat()
}

function forVectors(f: FunctionBuilder, body: (at: Local<'i32'>) => void): void {
  const at = f.let(i32.const(0))
  f.while(i32.ltU(at, POLYNOMIAL_BYTES), () => {
    body(at)
    f.set(at, i32.add(at, VECTOR_BYTES))
  })
}
