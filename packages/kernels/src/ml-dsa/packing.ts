/** Coefficients as so many bits each, side by side. @spec FIPS 204 §7.1 (algorithms 16 to 19) */

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

const coefficientBytes = 4

export interface PackingFunctions {
  /** bytes, polynomial, bits, and what each coefficient is taken away from; 0 takes them as they are. */
  readonly pack: Callable<readonly ['i32', 'i32', 'i32', 'i32'], Statement>
  /** The other way: polynomial, bytes, bits, and what each number is taken away from, likewise. */
  readonly unpack: Callable<readonly ['i32', 'i32', 'i32', 'i32'], Statement>
}

export function definePacking(module: ModuleBuilder): PackingFunctions {
  return {
    pack: module.procedure(['i32', 'i32', 'i32', 'i32'], (f, bytes, polynomial, bits, from) => {
      const sign = f.let(signFor(from))
      pack(f, { bytes, polynomial, bits, coefficientBytes }, (address) =>
        i64.extendU(i32.add(from, i32.mul(sign, i32.load(address)))),
      )
    }),
    unpack: module.procedure(['i32', 'i32', 'i32', 'i32'], (f, polynomial, bytes, bits, from) => {
      const sign = f.let(signFor(from))
      unpack(f, { bytes, polynomial, bits, coefficientBytes }, (address, number) =>
        i32.store(address, 0, i32.add(from, i32.mul(sign, number))),
      )
    }),
  }
}

/** 1 for 0, and -1 for all else. */
function signFor(from: Local<'i32'>): Expression<'i32'> {
  return i32.sub(i32.shl(i32.eqz(from), 1), 1)
}
