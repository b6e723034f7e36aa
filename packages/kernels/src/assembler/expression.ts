/**
 * Typed pieces of a function body.
 *
 * An expression leaves one value, a statement none. Both are instructions that have not been placed yet: an expression
 * that is used twice is computed twice, where it is used. `FunctionBuilder.let` computes it once.
 */

export type ValueType = 'i32' | 'i64' | 'v128'

/** Bytes, nested so that building a large expression copies nothing. */
export type Code = readonly (number | Code | Uint8Array)[]

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

/** @returns all the bytes in a row */
export function flattenCode(code: Code): Uint8Array {
  let bytes = new Uint8Array(256)
  let length = 0
  const reserve = (more: number): void => {
    if (length + more <= bytes.length) return
    const larger = new Uint8Array(2 * (length + more))
    larger.set(bytes)
    bytes = larger
  }
  const append = (parts: Code): void => {
    for (const part of parts) {
      if (typeof part === 'number') {
        reserve(1)
        bytes[length++] = part
      } else if (part instanceof Uint8Array) {
        reserve(part.length)
        bytes.set(part, length)
        length += part.length
      } else {
        append(part)
      }
    }
  }
  append(code)
  return bytes.subarray(0, length)
}
