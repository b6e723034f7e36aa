/**
 * Montgomery's product on 64-bit integers: the limbs of both factors in locals, one column of products after the other.
 *
 * A column is added up whole, multiples of the modulus and the carry of the column below with it, and nothing is
 * carried before. The modulus's digits are constants: a power of two takes a shift, a zero nothing.
 *
 * @spec Koç, Acar, Kaliski 1996, "Analyzing and Comparing Montgomery Multiplication Algorithms" (FIPS, product scanning)
 */

import { type Expression, type FunctionBuilder, type Local, type ModuleBuilder, i64 } from '../assembler.ts'
import type { Modulus } from './modulus.ts'
import { type Products, loadLimbs, pick, settle, storeLimbs, subtractTimes } from './products.ts'

type Word = Expression<'i64'>
type Limbs = readonly Local<'i64'>[]

export function defineIntegerProducts(module: ModuleBuilder, modulus: Modulus): Products {
  return {
    modulus,
    room: roomOf(modulus),
    multiply: module.procedure(['i32', 'i32', 'i32'], (f, out, a, b) => {
      const [as, bs] = [loadLimbs(f, modulus, a), loadLimbs(f, modulus, b)]
      reduce(f, modulus, out, (column) => productsOf(as, bs, column))
    }),
    square: module.procedure(['i32', 'i32'], (f, out, a) => {
      const as = loadLimbs(f, modulus, a)
      reduce(f, modulus, out, (column) => squaresOf(as, column))
    }),
    multiplySum: module.procedure(['i32', 'i32', 'i32', 'i32', 'i32'], (f, out, a, b, c, d) => {
      const [as, bs, cs, ds] = [a, b, c, d].map((address) => loadLimbs(f, modulus, address)) as unknown as [
        Limbs,
        Limbs,
        Limbs,
        Limbs,
      ]
      reduce(f, modulus, out, (column) => i64.add(productsOf(as, bs, column), productsOf(cs, ds, column)))
    }),
  }
}

/** Sums of products, of the multiples of the modulus and of what is carried stay below 2^63. */
function roomOf({ limbBits, limbCount, digits }: Modulus): Products['room'] {
  const base = 1n << BigInt(limbBits)
  const added = digits.reduce((sum, digit) => sum + base * (digit < 0n ? -digit : digit), base << 8n)
  const sum = Number(((1n << 63n) - added) / (BigInt(limbCount) << BigInt(2 * limbBits - 2)))
  return { factor: sum, sum, square: sum }
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
  storeLimbs(f, out, settle(f, modulus, [...columns, i64.const(0n)]))
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
