/**
 * Scalars modulo the order of the base point, L = 2^252 + 27742317777372353535851937790883648493.
 *
 * Limbs of 21 bits, signed; what stands above 2^252 is folded down by that difference. Nothing branches.
 *
 * @spec RFC 8032 §5.1.6
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
import { sumOf } from './field.ts'
import { ADDEND, FACTOR, SCALAR } from './layout.ts'

const LIMB_BITS = 21
const BITS = BigInt(LIMB_BITS)
/** A scalar has as many limbs, and 2^252 is the first bit of the next. */
const LIMBS = 12
const WIDE_LIMBS: number = 2 * LIMBS
const WORD_BITS = 64

export const ORDER: bigint = 2n ** 252n + 27742317777372353535851937790883648493n

type Wide = readonly Local<'i64'>[]

export interface ScalarFunctions {
  /** Reduces the 64 bytes of `SCALAR` to 32. */
  readonly reduce: Callable<readonly [], Statement>
  /** Computes `SCALAR` times `FACTOR` and `ADDEND`, of 32 bytes each, to `SCALAR`. */
  readonly multiplyAdd: Callable<readonly [], Statement>
}

export function defineScalars(module: ModuleBuilder): ScalarFunctions {
  return {
    reduce: module.procedure([], (f) => {
      const wide = unpack(SCALAR, WIDE_LIMBS).map((limb) => f.let(limb))
      reduce(f, wide)
    }),
    multiplyAdd: module.procedure([], (f) => {
      const load = (address: number): Wide => unpack(address, LIMBS).map((limb) => f.let(limb))
      const [a, b, c] = [load(SCALAR), load(FACTOR), load(ADDEND)]
      const wide = Array.from({ length: WIDE_LIMBS }, (_, k) => {
        const products = a.flatMap((limb, i) => {
          const other = b[k - i]
          return other === undefined ? [] : [i64.mul(limb, other)]
        })
        const addend = c[k]
        return f.let(sumOf([i64.const(0n), ...products, ...(addend === undefined ? [] : [addend])]))
      })
      carryEveryOther(f, wide, 0, WIDE_LIMBS - 2)
      carryEveryOther(f, wide, 1, WIDE_LIMBS - 3)
      reduce(f, wide)
    }),
  }
}

/** Writes the remainder of a number, whose limbs are all but the last below 2^21 and a little more, to `SCALAR`. */
function reduce(f: FunctionBuilder, wide: Wide): void {
  for (let k = WIDE_LIMBS - 1; k >= 18; k--) fold(f, wide, k)
  carryEveryOther(f, wide, 6, 16)
  carryEveryOther(f, wide, 7, 15)
  for (let k = 17; k >= LIMBS; k--) fold(f, wide, k)
  carryEveryOther(f, wide, 0, 10)
  carryEveryOther(f, wide, 1, 11)
  fold(f, wide, LIMBS)
  carryAll(f, wide, LIMBS)
  fold(f, wide, LIMBS)
  carryAll(f, wide, LIMBS - 1)
  pack(f, wide)
}

/** What 2^252 is modulo L, as signed limbs. */
const FOLDED: readonly bigint[] = signedLimbs(2n ** 252n - ORDER)

function signedLimbs(value: bigint): bigint[] {
  const limbs: bigint[] = []
  for (let rest = value; rest !== 0n;) {
    const limb = BigInt.asIntN(LIMB_BITS, rest)
    limbs.push(limb)
    rest = (rest - limb) >> BITS
  }
  return limbs
}

function fold(f: FunctionBuilder, wide: Wide, k: number): void {
  const from = at(wide, k)
  for (const [i, factor] of FOLDED.entries()) {
    const to = at(wide, k - LIMBS + i)
    f.set(to, i64.add(to, i64.mul(from, factor)))
  }
  f.set(from, 0n)
}

/** Carries rounded to the nearest, so that limbs stay small with either sign. */
function carryEveryOther(f: FunctionBuilder, wide: Wide, first: number, last: number): void {
  for (let k = first; k <= last; k += 2) carry(f, wide, k, 1n << (BITS - 1n))
}

/** Carries rounded down, one after the other, so that limbs get their final sign. */
function carryAll(f: FunctionBuilder, wide: Wide, count: number): void {
  for (let k = 0; k < count; k++) carry(f, wide, k, 0n)
}

function carry(f: FunctionBuilder, wide: Wide, k: number, rounding: bigint): void {
  const [from, to] = [at(wide, k), at(wide, k + 1)]
  const over = f.let(i64.shrS(i64.add(from, rounding), BITS))
  f.set(from, i64.sub(from, i64.shl(over, BITS)))
  f.set(to, i64.add(to, over))
}

/** The last limb has all that is left. Bytes behind the number are zeros. */
function unpack(address: number, count: number): Expression<'i64'>[] {
  return Array.from({ length: count }, (_, k) => {
    const shifted = i64.shrU(i64.load(address + Math.floor((LIMB_BITS * k) / 8)), BigInt((LIMB_BITS * k) % 8))
    return k === count - 1 ? shifted : i64.and(shifted, (1n << BITS) - 1n)
  })
}

function pack(f: FunctionBuilder, wide: Wide): void {
  for (let word = 0; word < 4; word++) {
    const parts = wide.slice(0, LIMBS).flatMap((limb, k) => {
      const shift = LIMB_BITS * k - WORD_BITS * word
      if (shift >= WORD_BITS || shift <= -LIMB_BITS) return []
      return [shift >= 0 ? i64.shl(limb, BigInt(shift)) : i64.shrU(limb, BigInt(-shift))]
    })
    f.emit(
      i64.store(
        SCALAR + 8 * word,
        0,
        parts.reduce((whole, part) => i64.or(whole, part)),
      ),
    )
  }
}

function at(wide: Wide, k: number): Local<'i64'> {
  const limb = wide[k]
  if (limb === undefined) throw new RangeError('a product has 24 limbs')
  return limb
}
