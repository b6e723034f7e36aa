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
import { BYTES, BYTES_LENGTH, LANE_BYTES, LIMBS_LENGTH, MODULUS } from './layout.ts'

/** How numbers stand in memory, and how they are multiplied. */
export interface Arithmetic {
  /** How many numbers stand side by side and are computed with at once, each modulo its own modulus. */
  readonly lanes: 1 | 2
  readonly limbBits: number
  /** From a limb to the next of the same number. */
  readonly limbBytes: number
  /** Numbers have a multiple of so many limbs, and at least twice as many. */
  readonly limbStep: number
  /** Bits that R has at least beyond the modulus. */
  readonly spareBits: number
  /** @returns a limb below 2^limbBits */
  readonly load: (address: Operand<'i32'>, offset?: number) => Expression<'i64'>
  readonly store: (address: Operand<'i32'>, offset: number, limb: Expression<'i64'>) => Statement
  /** Stores an inverse modulo 2^64 as its products want it. */
  readonly storeInverse: (address: Operand<'i32'>, inverse: Expression<'i64'>) => Statement
  readonly encodeOne: () => number[]
  readonly defineProducts: (module: ModuleBuilder) => Products
}

/**
 * Montgomery's products, divided by R, modulo the modulus.
 *
 * What they are reduced by may be a multiple of the modulus. R is more than four times the multiple, and numbers below
 * twice the multiple are called wide.
 */
export interface Products {
  /** Makes a wide number of two that are wide, or of one below R and one below the modulus. */
  readonly multiply: Multiply
  /** Makes a wide number of one that is wide, multiplied with itself. */
  readonly square: Callable<readonly ['i32', 'i32'], Statement>
  /** Makes a number below twice the modulus of one that is wide and one below the modulus. */
  readonly narrow: Multiply
  /** Makes the multiple of `MODULUS` and `INVERSE`, if it is another. */
  readonly prepareMultiple: Statement | undefined
}

export type Multiply = Callable<readonly ['i32', 'i32', 'i32'], Statement>
/** Takes the number's address, and its lane's, in bytes from the first. */
export type OnNumber = Callable<readonly ['i32', 'i32'], Statement>

export interface LimbFunctions {
  /** Subtracts the modulus from a number below twice the modulus, unless that is below the modulus already. */
  readonly reduce: OnNumber
  /** Doubles a number below the modulus, modulo the modulus. */
  readonly double: OnNumber
  /** Reads a number out of the lane's `BYTES`. */
  readonly unpack: OnNumber
  /** Adds a number into the lane's `BYTES`, which are zeros. */
  readonly pack: OnNumber
}

/** Where each lane begins, in bytes from the first. */
export function lanesOf({ lanes }: Arithmetic): readonly number[] {
  return lanes === 1 ? [0] : [0, LANE_BYTES]
}

export function defineLimbFunctions(
  module: ModuleBuilder,
  { limbBits, limbBytes, load, store }: Arithmetic,
): LimbFunctions {
  const mask = (1n << BigInt(limbBits)) - 1n
  const shift = BigInt(limbBits)

  const reduce = module.procedure(['i32', 'i32'], (f, number, lane) => {
    const end = f.let(i32.load(LIMBS_LENGTH))
    const [at, borrow, keep] = [f.local('i32'), f.local('i64'), f.local('i64')]
    f.set(number, i32.add(number, lane))
    const modulusLimb = load(i32.add(lane, at), MODULUS)
    const difference = (subtrahend: Expression<'i64'>): Expression<'i64'> =>
      i64.add(i64.sub(load(i32.add(number, at)), subtrahend), borrow)
    f.while(i32.ltU(at, end), () => {
      f.set(borrow, i64.shrS(difference(modulusLimb), 63n))
      f.set(at, i32.add(at, limbBytes))
    })
    f.set(keep, i64.xor(borrow, -1n))
    f.set(borrow, 0n)
    f.set(at, 0)
    f.while(i32.ltU(at, end), () => {
      const limb = f.let(difference(i64.and(modulusLimb, keep)))
      f.set(borrow, i64.shrS(limb, 63n))
      f.emit(store(i32.add(number, at), 0, i64.and(limb, mask)))
      f.set(at, i32.add(at, limbBytes))
    })
  })

  const double = module.procedure(['i32', 'i32'], (f, number, lane) => {
    const [at, carry] = [f.let(i32.add(number, lane)), f.local('i64')]
    const end = f.let(i32.add(at, i32.load(LIMBS_LENGTH)))
    f.while(i32.ltU(at, end), () => {
      const limb = f.let(i64.add(i64.shl(load(at), 1n), carry))
      f.set(carry, i64.shrU(limb, shift))
      f.emit(store(at, 0, i64.and(limb, mask)))
      f.set(at, i32.add(at, limbBytes))
    })
    f.emit(reduce.call(number, lane))
  })

  /** Walks over limbs and the bits where each begins in `BYTES`. */
  const defineWalk = (
    visit: (limb: Expression<'i32'>, byte: Expression<'i32'>, bit: Expression<'i64'>) => Statement,
  ): OnNumber =>
    module.procedure(['i32', 'i32'], (f, number, lane) => {
      const [at, bits] = [f.let(i32.add(number, lane)), f.local('i32')]
      const end = f.let(i32.add(at, i32.load(LIMBS_LENGTH)))
      const bytes = f.let(i32.mul(lane, BYTES_LENGTH / LANE_BYTES))
      f.while(i32.ltU(at, end), () => {
        f.emit(visit(at, i32.add(bytes, i32.shrU(bits, 3)), i64.extendU(i32.and(bits, 7))))
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
