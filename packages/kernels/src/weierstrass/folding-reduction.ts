/**
 * Reduction of a number modulo 2^256 - c, or the like, for a small c: what is above 2^256 is worth c times as much.
 *
 * The upper limbs, carried over first, are folded on the lower ones, and the little that is above then once more.
 */

import { type FunctionBuilder, type Local, f64x2, i64x2, v128 } from '../assembler.ts'
import {
  LIFT,
  LOWER_BITS,
  type Reduction,
  type Vector,
  bitsOf,
  constant,
  productAdder,
  upperOf,
} from './fused-vectors.ts'
import type { Modulus } from './modulus.ts'
import { pick } from './products.ts'

export function createFoldingReduction(modulus: Modulus): Reduction {
  return {
    liftOf: (column) => liftOf(modulus, column),
    reduce: (f, columns) => reduce(f, modulus, columns),
  }
}

function liftOf({ limbBits, limbCount }: Modulus, column: number): bigint {
  const last = limbCount - 1
  // Each half is carried over by itself, and its highest limb is not rounded to a balanced digit.
  const place = column % limbCount
  const fromBelow = place === 0 ? 0n : LIFT >> BigInt(limbBits)
  const rounding = place < last ? 1n << BigInt(limbBits - 1) : 0n
  const isTop = column === limbCount + last
  // What is folded comes with the constants of its products.
  const [lower, upper] = [column < limbCount, column > 0 && column < limbCount]
  const known = (lower ? LOWER_BITS : 0n) + (upper ? bitsOf(upperOf(limbBits)) : 0n)
  return (isTop ? 0n : LIFT) + rounding - fromBelow - known
}

function reduce(f: FunctionBuilder, { value, bits, limbBits, limbCount }: Modulus, columns: readonly Local<'v128'>[]) {
  const addProduct = productAdder(f, limbBits)
  const half = 1n << BigInt(limbBits - 1)
  const [mask, halfVector, offset] = [
    f.let(constant(2n * half - 1n)),
    f.let(constant(half)),
    f.let(constant(LOWER_BITS)),
  ]
  const surplus = limbBits * limbCount - bits
  const small = (1n << BigInt(bits)) - value
  const toFloat = (integer: Vector): Local<'v128'> => f.let(f64x2.sub(i64x2.add(integer, offset), offset))
  const digitOf = (sum: Vector): Vector => i64x2.sub(v128.and(sum, mask), halfVector)
  const carry = (from: number): void => {
    const above = pick(columns, from + 1)
    f.set(above, i64x2.add(above, i64x2.shrU(pick(columns, from), limbBits)))
  }

  // The upper half, times c and the bits that limbs have beyond the modulus's, on the lower half and one limb above it.
  const folded = f.let(constant(bitsOf(Number(small << BigInt(surplus)))))
  const beyond = f.let(constant(-bitsOf(upperOf(limbBits))))
  for (let i = 0; i < limbCount; i++) {
    const sum = pick(columns, limbCount + i)
    const isTop = i === limbCount - 1
    if (!isTop) carry(limbCount + i)
    const high = isTop ? beyond : pick(columns, i + 1)
    addProduct(toFloat(isTop ? sum : digitOf(sum)), folded, pick(columns, i), high)
  }
  for (let i = 0; i < limbCount - 1; i++) carry(i)

  // What is above the modulus's bits still.
  const top = pick(columns, limbCount - 1)
  const topBits = bits - limbBits * (limbCount - 1)
  const unlifted = f.let(i64x2.sub(i64x2.shrU(top, topBits), constant(LIFT >> BigInt(topBits))))
  const rest = toFloat(i64x2.add(i64x2.shl(beyond, surplus), unlifted))
  // Held above zero, as columns are.
  const raised = 1n << 50n
  const first = f.let(i64x2.add(digitOf(pick(columns, 0)), constant(half + raised - LOWER_BITS)))
  const known = (raised >> BigInt(limbBits)) + bitsOf(upperOf(limbBits))
  const second = f.let(i64x2.sub(digitOf(pick(columns, 1)), constant(known)))
  addProduct(rest, f.let(constant(bitsOf(Number(small)))), first, second)
  return [
    digitOf(first),
    i64x2.add(second, i64x2.shrU(first, limbBits)),
    ...columns.slice(2, limbCount - 1).map(digitOf),
    v128.and(top, constant((1n << BigInt(topBits)) - 1n)),
  ]
}
