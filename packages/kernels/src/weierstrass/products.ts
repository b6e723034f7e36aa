/** What arithmetic a field has, and what is the same in all of them. */

import { type Callable, type Expression, type FunctionBuilder, type Local, type Statement, i64 } from '../assembler.ts'
import { LIMB_BYTES, type Modulus } from './modulus.ts'

type Word = Expression<'i64'>
type Three = readonly ['i32', 'i32', 'i32']
type Five = readonly ['i32', 'i32', 'i32', 'i32', 'i32']

/**
 * Montgomery's products of numbers at addresses. A result may take the place of a factor, and is settled: its limbs are
 * balanced digits, and it is no further from zero than one and a quarter of the modulus.
 */
export interface Products {
  readonly modulus: Modulus
  /**
   * How far limbs may have grown, as a multiple of a balanced digit: those of a factor, and, added up over the products of
   * a sum, or of a square, those of one factor times those of the other.
   */
  readonly room: { readonly factor: number; readonly sum: number; readonly square: number }
  /** out = a b / R */
  readonly multiply: Callable<Three, Statement>
  /** out = a² / R */
  readonly square: Callable<readonly ['i32', 'i32'], Statement>
  /** out = (a b + c d) / R */
  readonly multiplySum: Callable<Five, Statement>
  /** Two at a time, where that takes less than one after the other. */
  readonly both?: {
    readonly multiply: Callable<readonly [...Three, ...Three], Statement>
    readonly square: Callable<readonly ['i32', 'i32', 'i32', 'i32'], Statement>
    readonly multiplySum: Callable<readonly [...Five, ...Five], Statement>
  }
}

export function loadLimbs(f: FunctionBuilder, { limbCount }: Modulus, address: Local<'i32'>): Local<'i64'>[] {
  return Array.from({ length: limbCount }, (_, i) => f.let(i64.load(address, LIMB_BYTES * i)))
}

/**
 * What limbs amount to, less the multiple of the modulus that leaves it nearest to zero: balanced digits of a number of half
 * the modulus's size, or very little more, with either sign.
 *
 * The multiple is found from the upper limbs. What the others may add is far below what can be seen there.
 *
 * @param limbs locals, or constants
 */
export function settle(f: FunctionBuilder, modulus: Modulus, limbs: readonly Word[]): Word[] {
  const { bits, limbBits, limbCount, digits } = modulus
  const width = BigInt(limbBits)
  const [top, second, third] = [1, 2, 3].map((i) => pick(limbs, limbCount - i)) as [Word, Word, Word]
  const topBits = BigInt(bits - limbBits * (limbCount - 1))
  const upper = i64.add(top, i64.shrS(i64.add(second, i64.shrS(third, width)), width))
  const multiple = f.let(i64.shrS(i64.add(upper, 1n << (topBits - 1n)), topBits))

  const half = 1n << (width - 1n)
  let carry: Word = i64.const(0n)
  return limbs.map((limb, i) => {
    const sum = i64.add(subtractTimes(limb, multiple, pick(digits, i)), carry)
    if (i === limbCount - 1) return sum
    const raised = f.let(i64.add(sum, half))
    carry = f.let(i64.shrS(raised, width))
    return i64.sub(i64.and(raised, 2n * half - 1n), half)
  })
}

export function storeLimbs(f: FunctionBuilder, address: Expression<'i32'>, limbs: readonly Word[]): void {
  for (const [i, limb] of limbs.entries()) f.emit(i64.store(address, LIMB_BYTES * i, limb))
}

/** sum - factor * digit, by the cheapest instruction that does it */
export function subtractTimes(sum: Word, factor: Word, digit: bigint): Word {
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
