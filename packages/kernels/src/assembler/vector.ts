/** Instructions on 128-bit vectors. @spec WebAssembly Core 2.0 §5.4.8 (fixed-width SIMD) */

import type { Expression, Operand, Statement } from './expression.ts'
import {
  type Binary,
  type EachOf,
  type Load,
  type Shift,
  type Store,
  type Unary,
  eachOf,
  loadWith,
  place,
  placeOperand,
  storeWith,
  vectorOpcode,
} from './instruction.ts'
import { encodeUnsigned } from './leb128.ts'

const VECTOR_BYTES = 16
/** As a power of two. */
const EIGHT_BYTES_ALIGNED = 3

export const V128_BINARY = { and: 0x4e, andnot: 0x4f, or: 0x50, xor: 0x51 } as const
export const I8X16_BINARY = {
  /** Looks bytes of the left up by the right's; 0 for an index beyond the sixteen. */
  swizzle: 0x0e,
  /** Likewise, and quicker; what an index from 16 to 127 gives is open. Not in every runtime that has SIMD. */
  relaxedSwizzle: 0x100,
  eq: 0x23,
  ltU: 0x26,
  add: 0x6e,
  sub: 0x71,
  minU: 0x77,
} as const
export const I16X8_BINARY = {
  add: 0x8e,
  sub: 0x91,
  mul: 0x95,
  /** Products divided by 2^15 and rounded; the square of -2^15 becomes 2^15 - 1. */
  q15mulrSatS: 0x82,
} as const
export const I32X4_BINARY = {
  eq: 0x37,
  gtS: 0x3b,
  add: 0xae,
  sub: 0xb1,
  mul: 0xb5,
  /** Sums of two products, of 16-bit lanes side by side. */
  dotI16x8S: 0xba,
} as const
export const I64X2_BINARY = {
  add: 0xce,
  sub: 0xd1,
  mul: 0xd5,
  eq: 0xd6,
  /** 64-bit products of the first two or the last two 32-bit lanes. */
  extmulLowS: 0xdc,
  extmulHighS: 0xdd,
  extmulLowU: 0xde,
  extmulHighU: 0xdf,
} as const

const F64X2_BINARY = { add: 0xf0, sub: 0xf1 } as const

export const I8X16_SHIFT = { shl: 0x6b, shrS: 0x6c, shrU: 0x6d } as const
export const I16X8_SHIFT = { shl: 0x8b, shrS: 0x8c, shrU: 0x8d } as const
export const I32X4_SHIFT = { shl: 0xab, shrS: 0xac, shrU: 0xad } as const
export const I64X2_SHIFT = { shl: 0xcb, shrS: 0xcc, shrU: 0xcd } as const

type BinaryVector = Binary<'v128'>
type Splat<T extends 'i32' | 'i64'> = Unary<T, 'v128'>
type ExtractLane<T extends 'i32' | 'i64'> = (lane: number, vector: Operand<'v128'>) => Expression<T>
type ReplaceLane<T extends 'i32' | 'i64'> = (
  lane: number,
  vector: Operand<'v128'>,
  value: Operand<T>,
) => Expression<'v128'>

interface V128 extends EachOf<typeof V128_BINARY, BinaryVector> {
  /** @param bytes 16 of them, as they stand in memory */
  readonly const: (bytes: ArrayLike<number>) => Expression<'v128'>
  readonly not: Unary<'v128'>
  /** Whether any bit is set. */
  readonly anyTrue: Unary<'v128', 'i32'>
  readonly load: Load<'v128'>
  /** Eight bytes, twice. */
  readonly load64Splat: Load<'v128'>
  /** Eight bytes, and zeros in the upper lane. */
  readonly load64Zero: Load<'v128'>
  /** Eight bytes in place of one of the two lanes. */
  readonly load64Lane: (
    lane: number,
    address: Operand<'i32'>,
    offset: number,
    vector: Operand<'v128'>,
  ) => Expression<'v128'>
  readonly store: Store<'v128'>
  readonly store64Lane: (lane: number, address: Operand<'i32'>, offset: number, vector: Operand<'v128'>) => Statement
}

interface I8x16 extends EachOf<typeof I8X16_BINARY, BinaryVector>, EachOf<typeof I8X16_SHIFT, Shift> {
  readonly splat: Splat<'i32'>
  /** @param lanes of both vectors side by side: 0 to 15 are the left's bytes, 16 to 31 the right's */
  readonly shuffle: (lanes: ArrayLike<number>, left: Operand<'v128'>, right: Operand<'v128'>) => Expression<'v128'>
}

interface Lanes<T extends 'i32' | 'i64'> {
  readonly splat: Splat<T>
  readonly extractLane: ExtractLane<T>
  readonly replaceLane: ReplaceLane<T>
}

type I16x8 = EachOf<typeof I16X8_BINARY, BinaryVector> & EachOf<typeof I16X8_SHIFT, Shift>
type I32x4 = EachOf<typeof I32X4_BINARY, BinaryVector> & EachOf<typeof I32X4_SHIFT, Shift> & Lanes<'i32'>
type I64x2 = EachOf<typeof I64X2_BINARY, BinaryVector> & EachOf<typeof I64X2_SHIFT, Shift> & Lanes<'i64'>

interface F64x2 extends EachOf<typeof F64X2_BINARY, BinaryVector> {
  /** a * b + c, rounded once or twice, as the processor has it. Not in every runtime that has SIMD. */
  readonly relaxedMadd: (a: Operand<'v128'>, b: Operand<'v128'>, c: Operand<'v128'>) => Expression<'v128'>
}

function binaries<Table extends Readonly<Record<string, number>>>(table: Table): EachOf<Table, BinaryVector> {
  return eachOf(table, (opcode) => (left, right) => place('v128', vectorOpcode(opcode), [left, right]))
}

function shifts<Table extends Readonly<Record<string, number>>>(table: Table): EachOf<Table, Shift> {
  return eachOf(table, (opcode) => (left, right) => place('v128', vectorOpcode(opcode), [left, right]))
}

function unary<T extends 'i32' | 'i64' | 'v128'>(opcode: number): Unary<T, 'v128'> {
  return (operand) => place('v128', vectorOpcode(opcode), [operand])
}

function lanesOf<T extends 'i32' | 'i64'>(
  type: T,
  opcodes: { splat: number; extract: number; replace: number },
): Lanes<T> {
  return {
    splat: unary<T>(opcodes.splat),
    extractLane: (lane, vector) => place(type, [vectorOpcode(opcodes.extract), lane], [vector]),
    replaceLane: (lane, vector, value) => place('v128', [vectorOpcode(opcodes.replace), lane], [vector, value]),
  }
}

/** @throws RangeError for anything but 16 lanes below `limit` */
function assertBytes(bytes: ArrayLike<number>, limit: number): number[] {
  const all = Array.from(bytes)
  const isRight =
    all.length === VECTOR_BYTES && all.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < limit)
  if (!isRight) throw new RangeError(`a vector takes ${VECTOR_BYTES} bytes below ${limit}`)
  return all
}

export const v128: V128 = {
  ...binaries(V128_BINARY),
  const: (bytes) => place('v128', [vectorOpcode(0x0c), assertBytes(bytes, 256)], []),
  not: unary<'v128'>(0x4d),
  anyTrue: (operand) => place('i32', vectorOpcode(0x53), [operand]),
  load: loadWith('v128', vectorOpcode(0x00), 4),
  load64Splat: loadWith('v128', vectorOpcode(0x0a), 3),
  load64Zero: loadWith('v128', vectorOpcode(0x5d), 3),
  load64Lane: (lane, address, offset, vector) =>
    place('v128', [vectorOpcode(0x57), EIGHT_BYTES_ALIGNED, encodeUnsigned(offset), lane], [address, vector]),
  store: storeWith(vectorOpcode(0x0b), 4),
  store64Lane: (lane, address, offset, vector) => ({
    type: 'none',
    code: [
      placeOperand(address),
      placeOperand(vector),
      vectorOpcode(0x5b),
      EIGHT_BYTES_ALIGNED,
      encodeUnsigned(offset),
      lane,
    ],
  }),
}

export const i8x16: I8x16 = {
  ...binaries(I8X16_BINARY),
  ...shifts(I8X16_SHIFT),
  splat: unary<'i32'>(0x0f),
  shuffle: (lanes, left, right) => ({
    type: 'v128',
    code: [placeOperand(left), placeOperand(right), vectorOpcode(0x0d), assertBytes(lanes, 2 * VECTOR_BYTES)],
  }),
}

export const i16x8: I16x8 = { ...binaries(I16X8_BINARY), ...shifts(I16X8_SHIFT) }

export const i32x4: I32x4 = {
  ...binaries(I32X4_BINARY),
  ...shifts(I32X4_SHIFT),
  ...lanesOf('i32', { splat: 0x11, extract: 0x1b, replace: 0x1c }),
}

export const i64x2: I64x2 = {
  ...binaries(I64X2_BINARY),
  ...shifts(I64X2_SHIFT),
  ...lanesOf('i64', { splat: 0x12, extract: 0x1d, replace: 0x1e }),
}

export const f64x2: F64x2 = {
  ...binaries(F64X2_BINARY),
  relaxedMadd: (a, b, c) => place('v128', vectorOpcode(0x107), [a, b, c]),
}
