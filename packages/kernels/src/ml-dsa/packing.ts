/** Coefficients as so many bits each, side by side, the lowest first. @spec FIPS 204 §7.1 (algorithms 16 to 19) */

import { type Callable, type Expression, type ModuleBuilder, type Statement, i32, i64 } from '../assembler.ts'
import { COEFFICIENTS, POLYNOMIAL_BYTES } from './layout.ts'

export interface PackingFunctions {
  /** bytes, polynomial, bits, and what each coefficient is taken away from; 0 takes them as they are. */
  readonly pack: Callable<readonly ['i32', 'i32', 'i32', 'i32'], Statement>
  /** The other way: polynomial, bytes, bits, and what each number is taken away from, likewise. At most 24 bits. */
  readonly unpack: Callable<readonly ['i32', 'i32', 'i32', 'i32'], Statement>
}

export function definePacking(module: ModuleBuilder): PackingFunctions {
  return {
    pack: module.procedure(['i32', 'i32', 'i32', 'i32'], (f, bytes, polynomial, bits, from) => {
      const end = f.let(i32.add(polynomial, POLYNOMIAL_BYTES))
      const sign = f.let(signFor(from))
      const [pending, count] = [f.local('i64'), f.local('i32')]
      // 256 numbers of any width are whole groups of 32 bits.
      f.while(i32.ltU(polynomial, end), () => {
        const value = i64.extendU(i32.add(from, i32.mul(sign, i32.load(polynomial))))
        f.set(pending, i64.or(pending, i64.shl(value, i64.extendU(count))))
        f.set(count, i32.add(count, bits))
        f.if(i32.geU(count, 32), () => {
          f.emit(i64.store32(bytes, 0, pending))
          f.set(pending, i64.shrU(pending, 32n))
          f.set(count, i32.sub(count, 32))
          f.set(bytes, i32.add(bytes, 4))
        })
        f.set(polynomial, i32.add(polynomial, 4))
      })
    }),

    unpack: module.procedure(['i32', 'i32', 'i32', 'i32'], (f, polynomial, bytes, bits, from) => {
      const sign = f.let(signFor(from))
      const mask = f.let(i32.sub(i32.shl(1, bits), 1))
      const [bit, end] = [f.local('i32'), f.let(i32.mul(bits, COEFFICIENTS))]
      f.while(i32.ltU(bit, end), () => {
        const word = i32.load(i32.add(bytes, i32.shrU(bit, 3)))
        const value = i32.and(i32.shrU(word, i32.and(bit, 7)), mask)
        f.emit(i32.store(polynomial, 0, i32.add(from, i32.mul(sign, value))))
        f.set(bit, i32.add(bit, bits))
        f.set(polynomial, i32.add(polynomial, 4))
      })
    }),
  }
}

/** 1 for 0, and -1 for all else. */
function signFor(from: Expression<'i32'>): Expression<'i32'> {
  return i32.sub(i32.shl(i32.eqz(from), 1), 1)
}
