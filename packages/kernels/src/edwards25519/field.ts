/**
 * The field of integers modulo 2^255 - 19: ten limbs of 26 and 25 bits in turn, signed, in 64-bit integers.
 *
 * What a product leaves has limbs of at most 2^25 and 2^24 and a little more; sums and differences are not carried.
 * Factors may be sums of up to six such elements: the columns of their product then stay below 2^63.
 *
 * @spec RFC 7748 §4.1; Bernstein, Duif, Lange, Schwabe, Yang 2011, "High-speed high-security signatures" §3
 */

import {
  type Callable,
  type Expression,
  type FunctionBuilder,
  type Local,
  type ModuleBuilder,
  type Operand,
  type Statement,
  i32,
  i64,
} from '../assembler.ts'
import { LIMBS } from './layout.ts'

type Element = readonly Local<'i64'>[]
type Address = Operand<'i32'>

export interface FieldFunctions {
  /** out, a, b; any of them may be the same. */
  readonly multiply: Callable<readonly ['i32', 'i32', 'i32'], Statement>
  /** Squares `a` so many times, once at least: out, a, times. */
  readonly square: Callable<readonly ['i32', 'i32', 'i32'], Statement>
}

/** Twice the prime's 255 bits over ten limbs are 51 for two. */
export function limbOffset(limb: number): number {
  return Math.ceil(25.5 * limb)
}

export function limbBits(limb: number): bigint {
  return limb % 2 === 0 ? 26n : 25n
}

/** @returns the bytes of an element in memory */
export function encodeElement(value: bigint): number[] {
  return Array.from({ length: LIMBS }, (_, i) => {
    const limb = BigInt.asUintN(Number(limbBits(i)), value >> BigInt(limbOffset(i)))
    return [...new Uint8Array(BigInt64Array.of(limb).buffer)]
  }).flat()
}

export function defineField(module: ModuleBuilder): FieldFunctions {
  const multiply = module.procedure(['i32', 'i32', 'i32'], (f, out, a, b) => {
    const [left, right] = [load(f, a), load(f, b)]
    const doubled = left.map((limb, i) => (i % 2 === 1 ? f.let(i64.shl(limb, 1n)) : limb))
    const folded = right.map((limb) => f.let(i64.mul(limb, 19n)))
    const columns = left.map((_, k) => {
      const products = left.map((limb, i) => {
        const j = (LIMBS + k - i) % LIMBS
        const factor = i % 2 === 1 && j % 2 === 1 ? pick(doubled, i) : limb
        return i64.mul(factor, pick(i + j >= LIMBS ? folded : right, j))
      })
      return f.let(sumOf(products))
    })
    carry(f, columns)
    store(f, out, columns)
  })

  const square = module.procedure(['i32', 'i32', 'i32'], (f, out, a, times) => {
    const element = load(f, a)
    const [doubled, folded, foldedTwice] = [f.locals('i64', LIMBS), f.locals('i64', LIMBS), f.locals('i64', LIMBS)]
    const columns = f.locals('i64', LIMBS)
    f.loop((start) => {
      for (const [i, value] of element.entries()) {
        f.set(pick(doubled, i), i64.shl(value, 1n))
        f.set(pick(folded, i), i64.mul(value, 19n))
        f.set(pick(foldedTwice, i), i64.shl(pick(folded, i), 1n))
      }
      for (const [k, column] of columns.entries()) {
        const products = element.flatMap((value, i) => {
          const j = (LIMBS + k - i) % LIMBS
          if (i > j) return []
          const isOdd = i % 2 === 1 && j % 2 === 1
          const other = i + j >= LIMBS ? (isOdd ? foldedTwice : folded) : isOdd ? doubled : element
          return [i64.mul(i < j ? pick(doubled, i) : value, pick(other, j))]
        })
        f.set(column, sumOf(products))
      }
      carry(f, columns)
      for (const [i, column] of columns.entries()) f.set(pick(element, i), column)
      f.set(times, i32.sub(times, 1))
      f.branchIf(times, start)
    })
    store(f, out, element)
  })
  return { multiply, square }
}

export function add(f: FunctionBuilder, out: Address, a: Address, b: Address): void {
  combine(f, out, a, b, i64.add)
}

export function subtract(f: FunctionBuilder, out: Address, a: Address, b: Address): void {
  combine(f, out, a, b, i64.sub)
}

function combine(f: FunctionBuilder, out: Address, a: Address, b: Address, operation: typeof i64.add): void {
  for (let i = 0; i < LIMBS; i++) {
    f.emit(i64.store(out, 8 * i, operation(i64.load(a, 8 * i), i64.load(b, 8 * i))))
  }
}

export function load(f: FunctionBuilder, address: Address): Element {
  return Array.from({ length: LIMBS }, (_, i) => f.let(i64.load(address, 8 * i)))
}

export function store(f: FunctionBuilder, address: Address, element: Element): void {
  for (const [i, value] of element.entries()) f.emit(i64.store(address, 8 * i, value))
}

/** Brings limbs back to their size; those of a product by two chains side by side, and once around. */
function carry(f: FunctionBuilder, element: Element): void {
  for (const i of [0, 4, 1, 5, 2, 6, 3, 7, 4, 8, 9, 0]) carryOne(f, element, i)
}

function carryOne(f: FunctionBuilder, element: Element, i: number): void {
  const bits = limbBits(i)
  const from = pick(element, i)
  const to = pick(element, (i + 1) % LIMBS)
  const over = f.let(i64.shrS(i64.add(from, 1n << (bits - 1n)), bits))
  f.set(from, i64.sub(from, i64.shl(over, bits)))
  f.set(to, i64.add(to, i === LIMBS - 1 ? i64.mul(over, 19n) : over))
}

export function sumOf(terms: readonly Expression<'i64'>[]): Expression<'i64'> {
  return terms.reduce((sum, term) => i64.add(sum, term))
}

export function pick(element: Element, i: number): Local<'i64'> {
  const local = element[i]
  if (local === undefined) throw new RangeError('an element has ten limbs')
  return local
}
