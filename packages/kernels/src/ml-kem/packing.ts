/**
 * Coefficients as so many bits each, side by side, the lowest first; fewer than twelve bits after rounding.
 *
 * @spec FIPS 203 §4.2.1 (algorithms 5, 6; compression)
 */

import { type Callable, type Expression, type ModuleBuilder, type Statement, i32, i64 } from '../assembler.ts'
import { COEFFICIENTS, POLYNOMIAL_BYTES } from './layout.ts'
import { MODULUS } from './modular.ts'

const COEFFICIENT_BYTES = 2
/** 2^40 / 2 q, rounded up: a division of what is below 2^24 by 2 q, without one that takes a time of its own. */
const RECIPROCAL = 2n ** 40n / BigInt(2 * MODULUS) + 1n

export interface PackingFunctions {
  /** bytes, polynomial, bits: as they are, between 0 and q. */
  readonly pack: Callable<readonly ['i32', 'i32', 'i32'], Statement>
  /** bytes, polynomial, bits: rounded to what the bits can say. */
  readonly compress: Callable<readonly ['i32', 'i32', 'i32'], Statement>
  /** polynomial, bytes, bits: as they are. */
  readonly unpack: Callable<readonly ['i32', 'i32', 'i32'], Statement>
  /** polynomial, bytes, bits: the nearest that they may have been. */
  readonly decompress: Callable<readonly ['i32', 'i32', 'i32'], Statement>
}

type Bits = Expression<'i32'>

export function definePacking(module: ModuleBuilder): PackingFunctions {
  const definePack = (round: (value: Expression<'i32'>, bits: Bits) => Expression<'i64'>) =>
    module.procedure(['i32', 'i32', 'i32'], (f, bytes, polynomial, bits) => {
      const end = f.let(i32.add(polynomial, POLYNOMIAL_BYTES))
      const [pending, count] = [f.local('i64'), f.local('i32')]
      // 256 numbers of any width are whole groups of 32 bits.
      f.while(i32.ltU(polynomial, end), () => {
        const value = round(i32.load16U(polynomial), bits)
        f.set(pending, i64.or(pending, i64.shl(value, i64.extendU(count))))
        f.set(count, i32.add(count, bits))
        f.if(i32.geU(count, 32), () => {
          f.emit(i64.store32(bytes, 0, pending))
          f.set(pending, i64.shrU(pending, 32n))
          f.set(count, i32.sub(count, 32))
          f.set(bytes, i32.add(bytes, 4))
        })
        f.set(polynomial, i32.add(polynomial, COEFFICIENT_BYTES))
      })
    })
  const defineUnpack = (stretch: (value: Expression<'i32'>, bits: Bits) => Expression<'i32'>) =>
    module.procedure(['i32', 'i32', 'i32'], (f, polynomial, bytes, bits) => {
      const mask = f.let(i32.sub(i32.shl(1, bits), 1))
      const [bit, end] = [f.local('i32'), f.let(i32.mul(bits, COEFFICIENTS))]
      f.while(i32.ltU(bit, end), () => {
        const word = i32.load(i32.add(bytes, i32.shrU(bit, 3)))
        const value = i32.and(i32.shrU(word, i32.and(bit, 7)), mask)
        f.emit(i32.store16(polynomial, 0, stretch(value, bits)))
        f.set(bit, i32.add(bit, bits))
        f.set(polynomial, i32.add(polynomial, COEFFICIENT_BYTES))
      })
    })

  return {
    pack: definePack((value) => i64.extendU(value)),
    compress: definePack((value, bits) => {
      // 2^bits x / q + 1/2, rounded down, over one denominator.
      const numerator = i64.extendU(i32.add(i32.shl(value, i32.add(bits, 1)), MODULUS))
      const quotient = i64.shrU(i64.mul(numerator, RECIPROCAL), 40n)
      return i64.and(quotient, i64.extendU(i32.sub(i32.shl(1, bits), 1)))
    }),
    unpack: defineUnpack((value) => value),
    decompress: defineUnpack((value, bits) =>
      i32.shrU(i32.add(i32.mul(value, MODULUS), i32.shl(1, i32.sub(bits, 1))), bits),
    ),
  }
}
