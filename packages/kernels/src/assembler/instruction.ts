/** Makes instructions of opcodes: the tables of `integer.ts` and `vector.ts` are made of these. */

import type { Code, Expression, Operand, Statement, ValueType } from './expression.ts'
import { encodeSigned, encodeSigned32, encodeUnsigned } from './leb128.ts'

export type Unary<T extends ValueType, R extends ValueType = T> = (operand: Operand<T>) => Expression<R>
export type Binary<T extends ValueType, R extends ValueType = T> = (
  left: Operand<T>,
  right: Operand<T>,
) => Expression<R>
/** @param right how far, modulo the lane's width */
export type Shift = (left: Operand<'v128'>, right: Operand<'i32'>) => Expression<'v128'>
/** @param offset bytes, added to the address without wrapping around */
export type Load<T extends ValueType> = (address: Operand<'i32'>, offset?: number) => Expression<T>
export type Store<T extends ValueType> = (address: Operand<'i32'>, offset: number, value: Operand<T>) => Statement

const VECTOR_PREFIX = 0xfd
const I32_CONST = 0x41
const I64_CONST = 0x42

/** An opcode as bytes. Vector instructions are numbered behind a prefix. */
export type Opcode = Code

export function vectorOpcode(number: number): Opcode {
  return [VECTOR_PREFIX, encodeUnsigned(number)]
}

export function placeOperand<T extends ValueType>(operand: Operand<T>): Code {
  if (typeof operand === 'number') return [I32_CONST, encodeSigned32(operand)]
  if (typeof operand === 'bigint') return [I64_CONST, encodeSigned(BigInt.asIntN(64, operand))]
  return operand.code
}

/** An instruction with any operands; the exported types say which. */
export function place<R extends ValueType>(
  type: R,
  opcode: Opcode,
  operands: readonly Operand<ValueType>[],
): Expression<R> {
  return { type, code: [...operands.map(placeOperand), opcode] }
}

/** @param alignment the power of two that the access is as long as */
export function loadWith<T extends ValueType>(type: T, opcode: Opcode, alignment: number): Load<T> {
  return (address, offset = 0) => place(type, [opcode, alignment, encodeUnsigned(offset)], [address])
}

export function storeWith<T extends ValueType>(opcode: Opcode, alignment: number): Store<T> {
  return (address, offset, value) => ({
    type: 'none',
    code: [placeOperand(address), placeOperand(value), opcode, alignment, encodeUnsigned(offset)],
  })
}

type Opcodes = Readonly<Record<string, number>>
/** One instruction for each opcode of a table. */
export type EachOf<Table extends Opcodes, Instruction> = { readonly [Name in keyof Table]: Instruction }

/** @param make is given the opcode of each name */
export function eachOf<Table extends Opcodes, Instruction>(
  table: Table,
  make: (opcode: number) => Instruction,
): EachOf<Table, Instruction> {
  const entries = Object.entries(table).map(([name, opcode]) => [name, make(opcode)])
  return Object.fromEntries(entries) as EachOf<Table, Instruction>
}
