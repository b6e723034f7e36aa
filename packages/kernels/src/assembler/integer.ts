/** Instructions on 32-bit and 64-bit integers. @spec WebAssembly Core 2.0 §5.4.6, §5.4.7 */

import type { Expression } from './expression.ts'
import {
  type Binary,
  type EachOf,
  type Load,
  type Store,
  type Unary,
  eachOf,
  loadWith,
  place,
  placeOperand,
  storeWith,
} from './instruction.ts'

export const I32_BINARY = {
  add: 0x6a,
  sub: 0x6b,
  mul: 0x6c,
  and: 0x71,
  or: 0x72,
  xor: 0x73,
  shl: 0x74,
  shrS: 0x75,
  shrU: 0x76,
  rotl: 0x77,
  rotr: 0x78,
} as const

export const I32_COMPARE = {
  eq: 0x46,
  ne: 0x47,
  ltS: 0x48,
  ltU: 0x49,
  gtU: 0x4b,
  leU: 0x4d,

  geU: 0x4f,
} as const

export const I64_BINARY = {
  add: 0x7c,
  sub: 0x7d,
  mul: 0x7e,
  and: 0x83,
  or: 0x84,
  xor: 0x85,
  shl: 0x86,
  shrS: 0x87,
  shrU: 0x88,
  rotl: 0x89,
  rotr: 0x8a,
} as const

export const I64_COMPARE = { eq: 0x51, ne: 0x52, ltS: 0x53, ltU: 0x54, gtU: 0x56, leU: 0x58, geU: 0x5a } as const

interface I32 extends EachOf<typeof I32_BINARY, Binary<'i32'>>, EachOf<typeof I32_COMPARE, Binary<'i32'>> {
  readonly const: (value: number) => Expression<'i32'>
  readonly eqz: Unary<'i32'>
  /** The low half. */
  readonly wrap: Unary<'i64', 'i32'>
  readonly load: Load<'i32'>
  readonly load8S: Load<'i32'>
  readonly load8U: Load<'i32'>
  readonly load16U: Load<'i32'>
  readonly store: Store<'i32'>
  readonly store8: Store<'i32'>
  readonly store16: Store<'i32'>
}

interface I64 extends EachOf<typeof I64_BINARY, Binary<'i64'>>, EachOf<typeof I64_COMPARE, Binary<'i64', 'i32'>> {
  readonly const: (value: bigint) => Expression<'i64'>
  readonly eqz: Unary<'i64', 'i32'>
  readonly extendU: Unary<'i32', 'i64'>
  readonly extendS: Unary<'i32', 'i64'>
  readonly load: Load<'i64'>
  readonly load32S: Load<'i64'>
  readonly load32U: Load<'i64'>
  readonly store: Store<'i64'>
  readonly store32: Store<'i64'>
}

export const i32: I32 = {
  ...eachOf(
    I32_BINARY,
    (opcode): Binary<'i32'> =>
      (left, right) =>
        place('i32', [opcode], [left, right]),
  ),
  ...eachOf(
    I32_COMPARE,
    (opcode): Binary<'i32'> =>
      (left, right) =>
        place('i32', [opcode], [left, right]),
  ),
  const: (value) => ({ type: 'i32', code: placeOperand<'i32'>(value) }),
  eqz: (operand) => place('i32', [0x45], [operand]),
  wrap: (operand) => place('i32', [0xa7], [operand]),
  load: loadWith('i32', [0x28], 2),
  load8S: loadWith('i32', [0x2c], 0),
  load8U: loadWith('i32', [0x2d], 0),
  load16U: loadWith('i32', [0x2f], 1),
  store: storeWith([0x36], 2),
  store8: storeWith([0x3a], 0),
  store16: storeWith([0x3b], 1),
}

export const i64: I64 = {
  ...eachOf(
    I64_BINARY,
    (opcode): Binary<'i64'> =>
      (left, right) =>
        place('i64', [opcode], [left, right]),
  ),
  ...eachOf(
    I64_COMPARE,
    (opcode): Binary<'i64', 'i32'> =>
      (left, right) =>
        place('i32', [opcode], [left, right]),
  ),
  const: (value) => ({ type: 'i64', code: placeOperand<'i64'>(value) }),
  eqz: (operand) => place('i32', [0x50], [operand]),
  extendU: (operand) => place('i64', [0xad], [operand]),
  extendS: (operand) => place('i64', [0xac], [operand]),
  load: loadWith('i64', [0x29], 3),
  load32S: loadWith('i64', [0x34], 2),
  load32U: loadWith('i64', [0x35], 2),
  store: storeWith([0x37], 3),
  store32: storeWith([0x3e], 2),
}
