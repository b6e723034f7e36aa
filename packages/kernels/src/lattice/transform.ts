/**
 * The number-theoretic transform of FIPS 203 and FIPS 204 and its inverse, on units of 32 bits: one coefficient of
 * ML-DSA, or two of ML-KEM, which never meet each other.
 *
 * Two levels are done at a time on whole vectors, the last ones on neighbours in registers.
 *
 * @spec FIPS 203 §4.3 (algorithms 9, 10), FIPS 204 §7.5 (algorithms 41, 42)
 */

import {
  type Callable,
  type Expression,
  type FunctionBuilder,
  type Local,
  type ModuleBuilder,
  type Statement,
  i32,
  i8x16,
  v128,
} from '../assembler.ts'
import {
  COMPANION_OFFSET,
  FACTOR_BYTES,
  type FactorTable,
  type Field,
  encodeUnits,
  factorTable,
  power,
} from './factors.ts'

const VECTOR_BYTES = 16
/** The first four levels are done in two passes, the last two within vectors. */
const FAR_LEVELS = 4

type Vector = Expression<'v128'>
type Variable = Local<'v128'>
export type OnPolynomial = Callable<readonly ['i32'], Statement>

/** How units are computed with, four at a time. */
export interface TransformArithmetic extends Field {
  readonly add: (a: Vector, b: Vector) => Vector
  readonly subtract: (a: Vector, b: Vector) => Vector
  readonly multiply: (f: FunctionBuilder, value: Variable, factor: Vector, companion: Vector) => Vector
  /** Levels after which, on the way back, sums have become so large that they are reduced. */
  readonly settled: readonly number[]
  readonly settle: (f: FunctionBuilder, value: Variable) => Vector
}

export interface TransformPlan {
  readonly arithmetic: TransformArithmetic
  readonly polynomialBytes: number
  /** 2 to this power are the units of a polynomial. */
  readonly levels: number
  /** What products were divided by before they come back; the inverse makes up for it. */
  readonly radix: bigint
  /** Where the factors are to stand, 32 bytes for a unit and less. */
  readonly factors: number
  readonly inverseFactors: number
}

export interface TransformFunctions {
  readonly transform: OnPolynomial
  readonly invert: OnPolynomial
}

type Butterfly = (a: Variable, b: Variable, level: number, factor: Local<'i32'>, offset: number) => void

interface Pass {
  readonly f: FunctionBuilder
  readonly polynomial: Local<'i32'>
  readonly bytes: number
  readonly isInverse: boolean
  readonly butterfly: Butterfly
  readonly factorAt: (level: number) => Local<'i32'>
}

export function defineTransform(module: ModuleBuilder, plan: TransformPlan): TransformFunctions {
  const { arithmetic, levels } = plan
  const { add, subtract, multiply } = arithmetic
  const farPasses = [0, 2]

  const define = (isInverse: boolean, butterflyOf: (f: FunctionBuilder) => Butterfly): OnPolynomial => {
    const at = isInverse ? plan.inverseFactors : plan.factors
    const table: FactorTable = factorTable(arithmetic, levels, isInverse)
    module.data(at, table.bytes)
    return module.procedure(['i32'], (f, polynomial) => {
      const factorAt = (level: number): Local<'i32'> => f.let(i32.const(at + (table.levels[level] ?? 0)))
      const bytes = plan.polynomialBytes
      const pass: Pass = { f, polynomial, bytes, isInverse, butterfly: butterflyOf(f), factorAt }
      if (!isInverse) for (const level of farPasses) defineFarPass(pass, level)
      defineNearPass(pass, levels)
      if (!isInverse) return
      for (const level of farPasses.toReversed()) defineFarPass(pass, level)
      defineFinalProduct(f, polynomial, plan)
    })
  }
  const product = (f: FunctionBuilder, value: Variable, factor: Local<'i32'>, offset: number): Vector =>
    multiply(f, value, v128.load(factor, offset), v128.load(factor, offset + COMPANION_OFFSET))

  return {
    transform: define(false, (f) => (a, b, _, factor, offset) => {
      const term = f.let(product(f, b, factor, offset))
      f.set(b, subtract(a, term))
      f.set(a, add(a, term))
    }),
    invert: define(true, (f) => (a, b, level, factor, offset) => {
      const difference = f.let(subtract(a, b))
      f.set(a, add(a, b))
      if (arithmetic.settled.includes(level)) f.set(a, arithmetic.settle(f, a))
      f.set(b, product(f, difference, factor, offset))
    }),
  }
}

/** Two levels whose partners are whole vectors apart. */
function defineFarPass({ f, polynomial, bytes, isInverse, butterfly, factorAt }: Pass, level: number): void {
  const quarter = bytes / 2 ** level / 4
  const [first, second] = [factorAt(level), factorAt(level + 1)]
  const [at, end] = [f.let(polynomial), f.let(i32.add(polynomial, bytes))]
  const groupEnd = f.local('i32')
  f.while(i32.ltU(at, end), () => {
    f.set(groupEnd, i32.add(at, quarter))
    f.while(i32.ltU(at, groupEnd), () => {
      const parts = [0, 1, 2, 3].map((i) => f.let(v128.load(at, i * quarter)))
      const [a, b, c, d] = parts as [Variable, Variable, Variable, Variable]
      const far = (): void => {
        butterfly(a, c, level, first, 0)
        butterfly(b, d, level, first, 0)
      }
      const near = (): void => {
        butterfly(a, b, level + 1, second, 0)
        butterfly(c, d, level + 1, second, FACTOR_BYTES)
      }
      for (const step of isInverse ? [near, far] : [far, near]) step()
      for (const [i, part] of parts.entries()) f.emit(v128.store(at, i * quarter, part))
      f.set(at, i32.add(at, VECTOR_BYTES))
    })
    f.set(at, i32.add(at, 3 * quarter))
    f.set(first, i32.add(first, FACTOR_BYTES))
    f.set(second, i32.add(second, 2 * FACTOR_BYTES))
  })
}

/** What levels are left: on two vectors side by side, or four, and then within every two of them. */
function defineNearPass({ f, polynomial, bytes, isInverse, butterfly, factorAt }: Pass, levels: number): void {
  const between = Array.from({ length: levels - 2 - FAR_LEVELS }, (_, i) => FAR_LEVELS + i)
  const factors = new Map([...between, levels - 2, levels - 1].map((level) => [level, factorAt(level)]))
  const factorOf = (level: number): Local<'i32'> => {
    const factor = factors.get(level)
    if (factor === undefined) throw new RangeError('not a level of this pass')
    return factor
  }
  const count = 2 ** between.length
  const [at, end] = [f.let(polynomial), f.let(i32.add(polynomial, bytes))]
  f.while(i32.ltU(at, end), () => {
    const parts = Array.from({ length: count }, (_, i) => f.let(v128.load(at, i * VECTOR_BYTES)))
    const partAt = (i: number): Variable => pick(parts, i)
    const betweenVectors = (level: number): void => {
      const groups = 2 ** (level - FAR_LEVELS)
      const distance = count / groups / 2
      for (let i = 0; i < count / 2; i++) {
        const group = Math.floor(i / distance)
        const first = group * 2 * distance + (i % distance)
        butterfly(partAt(first), partAt(first + distance), level, factorOf(level), group * FACTOR_BYTES)
      }
    }
    const withinVectors = (pair: number): void => {
      const [a, b, offset] = [partAt(2 * pair), partAt(2 * pair + 1), pair * FACTOR_BYTES]
      const outer = (): void => butterfly(a, b, levels - 2, factorOf(levels - 2), offset)
      const inner = (): void => butterfly(a, b, levels - 1, factorOf(levels - 1), offset)
      const move = (regrouping: Regrouping) => (): void => regroup(f, a, b, regrouping)
      const steps = isInverse
        ? [move(SINGLES), inner, move(SINGLES_TO_PAIRS), outer, move(PAIRS)]
        : [move(PAIRS), outer, move(PAIRS_TO_SINGLES), inner, move(SINGLES)]
      for (const step of steps) step()
    }
    if (!isInverse) for (const level of between) betweenVectors(level)
    for (let pair = 0; pair < count / 2; pair++) withinVectors(pair)
    if (isInverse) for (const level of between.toReversed()) betweenVectors(level)
    for (const [i, part] of parts.entries()) f.emit(v128.store(at, i * VECTOR_BYTES, part))
    f.set(at, i32.add(at, count * VECTOR_BYTES))
    for (const [level, factor] of factors) {
      f.set(factor, i32.add(factor, Math.min(2 ** (level - FAR_LEVELS), count / 2) * FACTOR_BYTES))
    }
  })
}

/** Divides by the number of units, which the levels multiplied by, and makes up for the radix. */
function defineFinalProduct(f: FunctionBuilder, polynomial: Local<'i32'>, plan: TransformPlan): void {
  const { arithmetic, levels, radix, polynomialBytes } = plan
  const { modulus } = arithmetic
  const value = (power(2n ** BigInt(levels), Number(modulus) - 2, modulus) * radix) % modulus
  const bytes = encodeUnits(arithmetic, [value, value, value, value])
  const [factor, companion] = [v128.const(bytes.slice(0, VECTOR_BYTES)), v128.const(bytes.slice(VECTOR_BYTES))]
  const [at, end] = [f.let(polynomial), f.let(i32.add(polynomial, polynomialBytes))]
  f.while(i32.ltU(at, end), () => {
    f.emit(v128.store(at, 0, arithmetic.multiply(f, f.let(v128.load(at)), factor, companion)))
    f.set(at, i32.add(at, VECTOR_BYTES))
  })
}

/** Where the units of two vectors go: 0 to 3 are the first's, 4 to 7 the second's. */
type Regrouping = readonly [readonly number[], readonly number[]]

/** From 0 1 2 3 | 4 5 6 7 to 0 1 4 5 | 2 3 6 7, in which the partners of the last level but one face each other; and back. */
const PAIRS: Regrouping = [
  [0, 1, 4, 5],
  [2, 3, 6, 7],
]
/** From order to 0 4 2 6 | 1 5 3 7, in which the partners of the last level do; and back. */
const SINGLES: Regrouping = [
  [0, 4, 2, 6],
  [1, 5, 3, 7],
]
/** From the one to the other. */
const PAIRS_TO_SINGLES: Regrouping = [
  [0, 2, 4, 6],
  [1, 3, 5, 7],
]
const SINGLES_TO_PAIRS: Regrouping = [
  [0, 4, 1, 5],
  [2, 6, 3, 7],
]

function regroup(f: FunctionBuilder, a: Variable, b: Variable, regrouping: Regrouping): void {
  const [first, second] = regrouping.map((sources) => {
    const bytes = sources.flatMap((source) => [0, 1, 2, 3].map((byte) => 4 * source + byte))
    return f.let(i8x16.shuffle(bytes, a, b))
  }) as [Variable, Variable]
  f.set(a, first)
  f.set(b, second)
}

function pick(parts: readonly Variable[], i: number): Variable {
  const part = parts[i]
  if (part === undefined) throw new RangeError('there are two vectors, or four')
  return part
}
