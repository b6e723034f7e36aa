/** Numbers in limbs, the lowest first, and what is done with them limb by limb: in both arithmetics the same. */

import {
  type Callable,
  type Expression,
  type ModuleBuilder,
  type Operand,
  type Statement,
  i32,
  i64,
} from '../assembler.ts'
import { BYTES, LIMBS_LENGTH, MODULUS } from './layout.ts'

/** How numbers stand in memory, and how they are multiplied. */
export interface Arithmetic {
  readonly limbBits: number
  readonly limbBytes: number
  /** Numbers have a multiple of so many limbs, and at least twice as many. */
  readonly limbStep: number
  /** @returns a limb below 2^limbBits */
  readonly load: (address: Operand<'i32'>, offset?: number) => Expression<'i64'>
  readonly store: (address: Operand<'i32'>, offset: number, limb: Expression<'i64'>) => Statement
  readonly encodeOne: () => number[]
  /**
   * Defines Montgomery's product of two numbers at `a` and `b`, divided by R modulo the modulus.
   *
   * Where one factor is below twice the modulus and the other below R, or both below twice the modulus, the product is
   * below twice the modulus. R, which has as many bits as the limbs, is more than four times the modulus.
   */
  readonly defineMultiply: (module: ModuleBuilder) => Multiply
}

export type Multiply = Callable<readonly ['i32', 'i32', 'i32'], Statement>
export type OnNumber = Callable<readonly ['i32'], Statement>

export interface LimbFunctions {
  /** Subtracts the modulus from a number below twice the modulus, unless that is below the modulus already. */
  readonly reduce: OnNumber
  /** Doubles a number below the modulus, modulo the modulus. */
  readonly double: OnNumber
  /** Reads a number out of `BYTES`. */
  readonly unpack: OnNumber
  /** Adds a number into `BYTES`, which are zeros. */
  readonly pack: OnNumber
}

export function defineLimbFunctions(
  module: ModuleBuilder,
  { limbBits, limbBytes, load, store }: Arithmetic,
): LimbFunctions {
  const mask = (1n << BigInt(limbBits)) - 1n
  const shift = BigInt(limbBits)

  const reduce = module.procedure(['i32'], (f, number) => {
    const end = f.let(i32.load(LIMBS_LENGTH))
    const [at, borrow, keep] = [f.local('i32'), f.local('i64'), f.local('i64')]
    const difference = (subtrahend: Expression<'i64'>): Expression<'i64'> =>
      i64.add(i64.sub(load(i32.add(number, at)), subtrahend), borrow)
    f.while(i32.ltU(at, end), () => {
      f.set(borrow, i64.shrS(difference(load(at, MODULUS)), 63n))
      f.set(at, i32.add(at, limbBytes))
    })
    f.set(keep, i64.xor(borrow, -1n))
    f.set(borrow, 0n)
    f.set(at, 0)
    f.while(i32.ltU(at, end), () => {
      const limb = f.let(difference(i64.and(load(at, MODULUS), keep)))
      f.set(borrow, i64.shrS(limb, 63n))
      f.emit(store(i32.add(number, at), 0, i64.and(limb, mask)))
      f.set(at, i32.add(at, limbBytes))
    })
  })

  const double = module.procedure(['i32'], (f, number) => {
    const end = f.let(i32.add(number, i32.load(LIMBS_LENGTH)))
    const [at, carry] = [f.let(number), f.local('i64')]
    f.while(i32.ltU(at, end), () => {
      const limb = f.let(i64.add(i64.shl(load(at), 1n), carry))
      f.set(carry, i64.shrU(limb, shift))
      f.emit(store(at, 0, i64.and(limb, mask)))
      f.set(at, i32.add(at, limbBytes))
    })
    f.emit(reduce.call(number))
  })

  /** Walks over limbs and the bits where each begins in `BYTES`. */
  const defineWalk = (
    visit: (limb: Expression<'i32'>, byte: Expression<'i32'>, bit: Expression<'i64'>) => Statement,
  ): OnNumber =>
    module.procedure(['i32'], (f, number) => {
      const end = f.let(i32.add(number, i32.load(LIMBS_LENGTH)))
      const [at, bits] = [f.let(number), f.local('i32')]
      f.while(i32.ltU(at, end), () => {
        f.emit(visit(at, i32.shrU(bits, 3), i64.extendU(i32.and(bits, 7))))
        f.set(bits, i32.add(bits, limbBits))
        f.set(at, i32.add(at, limbBytes))
      })
    })

  return {
    reduce,
    double,
    unpack: defineWalk((at, byte, bit) => store(at, 0, i64.and(i64.shrU(i64.load(byte, BYTES), bit), mask))),
    pack: defineWalk((at, byte, bit) => i64.store(byte, BYTES, i64.or(i64.load(byte, BYTES), i64.shl(load(at), bit)))),
  }
}
