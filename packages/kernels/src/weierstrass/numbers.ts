/** Numbers between bytes, the least significant first, and limbs. */

import {
  type Callable,
  type Expression,
  type FunctionBuilder,
  type Local,
  type ModuleBuilder,
  type Statement,
  i32,
  i64,
} from '../assembler.ts'
import { LIMB_BYTES, type Modulus } from './modulus.ts'
import { loadLimbs, pick, settle } from './products.ts'

const WORD_BITS = 32
const WORD_BYTES = 4

export interface Numbers {
  /** Takes in a number of as many bits as the modulus, whose limbs are not balanced then: `number`, `bytes`. */
  readonly read: Callable<readonly ['i32', 'i32'], Statement>
  /** Whether a number that was just read is below the modulus. */
  readonly isReduced: Callable<readonly ['i32'], Expression<'i32'>>
  /** Gives a number out, from 0 to the modulus less 1: `bytes`, `number`. */
  readonly write: Callable<readonly ['i32', 'i32'], Statement>
  /** Whether a number is zero modulo the modulus. */
  readonly isZero: Callable<readonly ['i32'], Expression<'i32'>>
}

export function defineNumbers(module: ModuleBuilder, modulus: Modulus): Numbers {
  const { value, bits, limbBits, limbCount } = modulus
  const [width, mask] = [BigInt(limbBits), (1n << BigInt(limbBits)) - 1n]
  return {
    read: module.procedure(['i32', 'i32'], (f, number, bytes) => {
      for (let i = 0; i < limbCount; i++) {
        const bit = limbBits * i
        const limb = i64.and(i64.shrU(i64.load(bytes, bit >> 3), BigInt(bit & 7)), mask)
        f.emit(i64.store(number, LIMB_BYTES * i, limb))
      }
    }),

    isReduced: defineIsBelow(module, modulus, value),

    write: module.procedure(['i32', 'i32'], (f, bytes, number) => {
      const limbs = leastLimbs(f, number)
      for (let word = 0; WORD_BITS * word < bits; word++) {
        const pieces = limbs.flatMap((limb, i) => {
          const shift = limbBits * i - WORD_BITS * word
          if (shift <= -limbBits || shift >= WORD_BITS) return []
          return [shift < 0 ? i64.shrU(limb, BigInt(-shift)) : i64.shl(limb, BigInt(shift))]
        })
        f.emit(
          i64.store32(
            bytes,
            WORD_BYTES * word,
            pieces.reduce((all, piece) => i64.or(all, piece)),
          ),
        )
      }
    }),

    isZero: module.function(['i32'], 'i32', (f, number) =>
      i64.eqz(leastLimbs(f, number).reduce<Expression<'i64'>>((all, limb) => i64.or(all, limb), i64.const(0n))),
    ),
  }

  function unsignedDigit(i: number): bigint {
    return (value >> (width * BigInt(i))) & mask
  }

  /** The limbs of the remainder, none of them negative. */
  function leastLimbs(f: FunctionBuilder, number: Local<'i32'>): readonly Local<'i64'>[] {
    const limbs = settle(f, modulus, loadLimbs(f, modulus, number)).map((limb) => f.let(limb))
    const carry = f.local('i64')
    for (const limb of limbs) {
      f.set(limb, i64.add(limb, carry))
      f.set(carry, i64.shrS(limb, width))
    }
    const isNegative = f.let(i64.shrS(pick(limbs, limbCount - 1), 63n))
    f.set(carry, 0n)
    for (const [i, limb] of limbs.entries()) {
      const low = i64.and(limb, mask)
      f.set(carry, i64.add(i64.add(i === limbCount - 1 ? limb : low, i64.and(isNegative, unsignedDigit(i))), carry))
      f.set(limb, i64.and(carry, mask))
      f.set(carry, i64.shrS(carry, width))
    }
    return limbs
  }
}

/** Whether a number that was just read is below a bound that is known beforehand. */
export function defineIsBelow(
  module: ModuleBuilder,
  modulus: Modulus,
  bound: bigint,
): Callable<readonly ['i32'], Expression<'i32'>> {
  const width = BigInt(modulus.limbBits)
  return module.function(['i32'], 'i32', (f, number) => {
    const borrow = f.local('i64')
    for (const [i, limb] of loadLimbs(f, modulus, number).entries()) {
      const digit = BigInt.asUintN(modulus.limbBits, bound >> (width * BigInt(i)))
      f.set(borrow, i64.shrS(i64.add(i64.sub(limb, digit), borrow), 63n))
    }
    return i32.wrap(i64.and(borrow, 1n))
  })
}
