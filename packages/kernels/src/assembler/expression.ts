/**
 * Typed pieces of a function body.
 *
 * An expression leaves one value, a statement none. Both are instructions that have not been placed yet: an expression
 * that is used twice is computed twice, where it is used. `FunctionBuilder.let` computes it once.
 */

export type ValueType = 'i32' | 'i64' | 'v128'

/** Bytes, nested so that building a large expression copies nothing. */
export type Code = readonly (number | Code)[]

export interface Expression<T extends ValueType> {
  readonly type: T
  readonly code: Code
}

export interface Statement {
  readonly type: 'none'
  readonly code: Code
}

/** What an instruction takes: an expression, or a plain number for a constant. */
export type Operand<T extends ValueType> = Expression<T> | Immediate[T]

interface Immediate {
  /** Any 32-bit value, signed or not. */
  i32: number
  /** Any 64-bit value, signed or not. */
  i64: bigint
  v128: never
}

export const TYPE_CODES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, v128: 0x7b }

export function flattenCode(code: Code, into: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === 'number') into.push(part)
    else flattenCode(part, into)
  }
  return into
}
