/** 256 numbers of so many bits each, side by side, the lowest first. */

import { type Expression, type FunctionBuilder, type Local, type Statement, i32, i64 } from '../assembler.ts'

const NUMBERS = 256

/** The variables of a function that packs or unpacks: addresses, which move on, and how many bits a number has. */
export interface BitPacking {
  readonly bytes: Local<'i32'>
  readonly polynomial: Local<'i32'>
  readonly bits: Local<'i32'>
  readonly coefficientBytes: number
}

/** @param encode makes the number of the coefficient at an address */
export function pack(
  f: FunctionBuilder,
  { bytes, polynomial, bits, coefficientBytes }: BitPacking,
  encode: (address: Local<'i32'>) => Expression<'i64'>,
): void {
  const end = f.let(i32.add(polynomial, NUMBERS * coefficientBytes))
  const [pending, count] = [f.local('i64'), f.local('i32')]
  // 256 numbers of any width are whole groups of 32 bits.
  f.while(i32.ltU(polynomial, end), () => {
    f.set(pending, i64.or(pending, i64.shl(encode(polynomial), i64.extendU(count))))
    f.set(count, i32.add(count, bits))
    f.if(i32.geU(count, 32), () => {
      f.emit(i64.store32(bytes, 0, pending))
      f.set(pending, i64.shrU(pending, 32n))
      f.set(count, i32.sub(count, 32))
      f.set(bytes, i32.add(bytes, 4))
    })
    f.set(polynomial, i32.add(polynomial, coefficientBytes))
  })
}

/**
 * Numbers of at most 24 bits. Reads a few bytes further.
 *
 * @param decode stores the coefficient of a number at an address
 */
export function unpack(
  f: FunctionBuilder,
  { bytes, polynomial, bits, coefficientBytes }: BitPacking,
  decode: (address: Local<'i32'>, number: Expression<'i32'>) => Statement,
): void {
  const mask = f.let(i32.sub(i32.shl(1, bits), 1))
  const [bit, end] = [f.local('i32'), f.let(i32.mul(bits, NUMBERS))]
  f.while(i32.ltU(bit, end), () => {
    const word = i32.load(i32.add(bytes, i32.shrU(bit, 3)))
    f.emit(decode(polynomial, i32.and(i32.shrU(word, i32.and(bit, 7)), mask)))
    f.set(bit, i32.add(bit, bits))
    f.set(polynomial, i32.add(polynomial, coefficientBytes))
  })
}
