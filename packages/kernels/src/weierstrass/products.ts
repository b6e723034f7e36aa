/**
 * Montgomery's product on 64-bit integers: the limbs of both factors in locals, one column of products after the other.
 *
 * A column is added up whole, multiples of the modulus and the carry of the column below with it, and nothing is
 * carried before. The modulus's digits are constants: a power of two takes a shift, a zero nothing.
 *
 * @spec Koç, Acar, Kaliski 1996, "Analyzing and Comparing Montgomery Multiplication Algorithms" (FIPS, product scanning)
 */

import {
  type Callable,
  type Expression,
  type FunctionBuilder,
  type Local,
  type ModuleBuilder,
  type Statement,
  i64,
} from '../assembler.ts'
import { LIMB_BYTES, type Modulus } from './modulus.ts'

type Word = Expression<'i64'>
export type Limbs = readonly Local<'i64'>[]

/** Addresses of numbers; the result may take the place of a factor. */
export interface Products {
  readonly modulus: Modulus
  /** out = a b / R */
  readonly multiply: Callable<readonly ['i32', 'i32', 'i32'], Statement>
  /** out = a² / R */
  readonly square: Callable<readonly ['i32', 'i32'], Statement>
  /** out = (a b + c d) / R */
  readonly multiplySum: Callable<readonly ['i32', 'i32', 'i32', 'i32', 'i32'], Statement>
}

export function defineProducts(module: ModuleBuilder, modulus: Modulus): Products {
  return {
    modulus,
    multiply: module.procedure(['i32', 'i32', 'i32'], (f, out, a, b) => {
      const [as, bs] = [loadLimbs(f, modulus, a), loadLimbs(f, modulus, b)]
      reduce(f, modulus, out, (column) => productsOf(as, bs, column))
    }),
    square: module.procedure(['i32', 'i32'], (f, out, a) => {
      const as = loadLimbs(f, modulus, a)
      reduce(f, modulus, out, (column) => squaresOf(as, column))
    }),
    multiplySum: module.procedure(['i32', 'i32', 'i32', 'i32', 'i32'], (f, out, a, b, c, d) => {
      const [as, bs, cs, ds] = [a, b, c, d].map((address) => loadLimbs(f, modulus, address)) as [
        Limbs,
        Limbs,
        Limbs,
        Limbs,
      ]
      reduce(f, modulus, out, (column) => i64.add(productsOf(as, bs, column), productsOf(cs, ds, column)))
    }),
  }
}

export function loadLimbs(f: FunctionBuilder, { limbCount }: Modulus, address: Local<'i32'>): Limbs {
  return Array.from({ length: limbCount }, (_, i) => f.let(i64.load(address, LIMB_BYTES * i)))
}

/**
 * Stores what the limbs amount to, less the multiple of the modulus that leaves it nearest to zero: as balanced digits
 * of a number of half the modulus's size, or very little more, with either sign.
 *
 * The multiple is found from the upper limbs. What the others may add is far below what can be seen there.
 */
export function storeSettled(
  f: FunctionBuilder,
  modulus: Modulus,
  address: Expression<'i32'>,
  limbs: readonly Word[],
): void {
  const { bits, limbBits, limbCount, digits } = modulus
  const width = BigInt(limbBits)
  const [top, second, third] = [limbCount - 1, limbCount - 2, limbCount - 3].map((i) => pick(limbs, i))
  if (top === undefined || second === undefined || third === undefined) throw new RangeError('at least three limbs')
  const topBits = BigInt(bits - limbBits * (limbCount - 2))
  const upper = i64.add(i64.add(i64.shl(top, width), second), i64.shrS(third, width))
  const multiple = f.let(i64.shrS(i64.add(upper, 1n << (topBits - 1n)), topBits))

  const half = 1n << (width - 1n)
  let carry: Word | undefined
  for (const [i, limb] of limbs.entries()) {
    let sum = subtractTimes(limb, multiple, pick(digits, i))
    if (carry !== undefined) sum = i64.add(sum, carry)
    if (i === limbCount - 1) {
      f.emit(i64.store(address, LIMB_BYTES * i, sum))
    } else {
      const raised = f.let(i64.add(sum, half))
      carry = f.let(i64.shrS(raised, width))
      f.emit(i64.store(address, LIMB_BYTES * i, i64.sub(i64.and(raised, 2n * half - 1n), half)))
    }
  }
}

function reduce(f: FunctionBuilder, modulus: Modulus, out: Local<'i32'>, productsIn: (column: number) => Word): void {
  const { limbBits, limbCount, digits, inverse } = modulus
  const [width, mask] = [BigInt(limbBits), (1n << BigInt(limbBits)) - 1n]
  const multiples: Local<'i64'>[] = []
  const columns: Local<'i64'>[] = []
  let carry: Word | undefined
  for (let column = 0; column < 2 * limbCount - 1; column++) {
    let sum = productsIn(column)
    for (let i = Math.max(0, column - limbCount + 1); i < Math.min(column, limbCount); i++) {
      sum = subtractTimes(sum, pick(multiples, i), -pick(digits, column - i))
    }
    if (carry !== undefined) sum = i64.add(sum, carry)
    const total = f.let(sum)
    if (column < limbCount) {
      const multiple = f.let(i64.and(inverse === 1n ? total : i64.mul(total, inverse), mask))
      multiples.push(multiple)
      // Below the width all bits are zero now. With the digit -1 they are what is shifted out anyway.
      const lowest = pick(digits, 0)
      const cleared = lowest === -1n ? total : subtractTimes(total, multiple, -lowest)
      carry = f.let(i64.shrS(cleared, width))
    } else {
      columns.push(total)
      carry = undefined
    }
  }
  storeSettled(f, modulus, out, [...columns, i64.const(0n)])
}

function productsOf(as: Limbs, bs: Limbs, column: number): Word {
  const first = Math.max(0, column - as.length + 1)
  let sum = i64.mul(pick(as, first), pick(bs, column - first))
  for (let i = first + 1; i <= Math.min(column, as.length - 1); i++) {
    sum = i64.add(sum, i64.mul(pick(as, i), pick(bs, column - i)))
  }
  return sum
}

function squaresOf(as: Limbs, column: number): Word {
  let mixed: Word | undefined
  for (let i = Math.max(0, column - as.length + 1); 2 * i < column; i++) {
    const product = i64.mul(pick(as, i), pick(as, column - i))
    mixed = mixed === undefined ? product : i64.add(mixed, product)
  }
  const doubled = mixed === undefined ? undefined : i64.shl(mixed, 1n)
  if (column % 2 === 1) return doubled ?? i64.const(0n)
  const middle = i64.mul(pick(as, column / 2), pick(as, column / 2))
  return doubled === undefined ? middle : i64.add(doubled, middle)
}

/** sum - factor * digit, by the cheapest instruction that does it */
function subtractTimes(sum: Word, factor: Word, digit: bigint): Word {
  if (digit === 0n) return sum
  const size = digit < 0n ? -digit : digit
  const combine = digit < 0n ? i64.add : i64.sub
  if (size === 1n) return combine(sum, factor)
  const shift = size.toString(2).length - 1
  return combine(sum, size === 1n << BigInt(shift) ? i64.shl(factor, BigInt(shift)) : i64.mul(factor, size))
}

export function pick<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new RangeError('beyond what there is')
  return item
}
