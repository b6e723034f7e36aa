/**
 * Coefficients as so many bits each, side by side; fewer than twelve bits after rounding.
 *
 * @spec FIPS 203 §4.2.1 (algorithms 5, 6; compression)
 */

import {
  type Callable,
  type Expression,
  type Local,
  type ModuleBuilder,
  type Statement,
  i32,
  i64,
} from '../assembler.ts'
import { pack, unpack } from '../lattice/bits.ts'
import { MODULUS } from './modular.ts'

const coefficientBytes = 2
/** 2^40 / 2 q, rounded up: a division of what is below 2^24 by 2 q, without one that takes a time of its own. */
const RECIPROCAL = 2n ** 40n / BigInt(2 * MODULUS) + 1n

type Packing = Callable<readonly ['i32', 'i32', 'i32'], Statement>

export interface PackingFunctions {
  /** bytes, polynomial, bits: as they are, between 0 and q. */
  readonly pack: Packing
  /** bytes, polynomial, bits: rounded to what the bits can say. */
  readonly compress: Packing
  /** polynomial, bytes, bits: as they are. */
  readonly unpack: Packing
  /** polynomial, bytes, bits: the nearest that they may have been. */
  readonly decompress: Packing
}

export function definePacking(module: ModuleBuilder): PackingFunctions {
  const definePack = (encode: (value: Expression<'i32'>, bits: Local<'i32'>) => Expression<'i64'>): Packing =>
    module.procedure(['i32', 'i32', 'i32'], (f, bytes, polynomial, bits) => {
      pack(f, { bytes, polynomial, bits, coefficientBytes }, (address) => encode(i32.load16U(address), bits))
    })
  const defineUnpack = (decode: (number: Expression<'i32'>, bits: Local<'i32'>) => Expression<'i32'>): Packing =>
    module.procedure(['i32', 'i32', 'i32'], (f, polynomial, bytes, bits) => {
      unpack(f, { bytes, polynomial, bits, coefficientBytes }, (address, number) =>
        i32.store16(address, 0, decode(number, bits)),
      )
    })
  return {
    pack: definePack((value) => i64.extendU(value)),
    compress: definePack((value, bits) => {
      // 2^bits x / q + 1/2, rounded down, over one denominator.
      const numerator = i64.extendU(i32.add(i32.shl(value, i32.add(bits, 1)), MODULUS))
      const quotient = i64.shrU(i64.mul(numerator, RECIPROCAL), 40n)
      return i64.and(quotient, i64.extendU(i32.sub(i32.shl(1, bits), 1)))
    }),
    unpack: defineUnpack((number) => number),
    decompress: defineUnpack((number, bits) =>
      i32.shrU(i32.add(i32.mul(number, MODULUS), i32.shl(1, i32.sub(bits, 1))), bits),
    ),
  }
}
