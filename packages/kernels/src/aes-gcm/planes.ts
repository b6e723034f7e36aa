/**
 * Blocks as planes and back.
 *
 * Plane i holds bit i of every byte of eight blocks: byte p of it has that bit of block b's byte p at bit b. Within
 * the planes the bytes stand row by row, so that MixColumns, which adds rows, moves whole 32-bit lanes.
 */

import type { Expression, FunctionBuilder, Local } from '../assembler.ts'
import { i64x2, i8x16, v128 } from '../assembler.ts'
import { PLANES } from './layout.ts'

type Vector = Expression<'v128'>

const SIDE = 4
const POSITIONS: readonly number[] = Array.from({ length: SIDE * SIDE }, (_, position) => position)

/** Byte 4r + c of the planes is byte r + 4c of a block. The order is its own inverse. @spec FIPS 197 §3.4 */
const BY_ROWS: readonly number[] = POSITIONS.map((position) => Math.floor(position / SIDE) + SIDE * (position % SIDE))

/** Row r rotates by r bytes, in the order of the planes. @spec FIPS 197 §5.1.2 */
export const SHIFT_ROWS: readonly number[] = POSITIONS.map((position) => {
  const row = Math.floor(position / SIDE)
  return SIDE * row + ((position + row) % SIDE)
})

/** Each row takes the place of the row before it. */
export const NEXT_ROW: readonly number[] = POSITIONS.map((position) => (position + SIDE) % (SIDE * SIDE))
export const SECOND_NEXT_ROW: readonly number[] = POSITIONS.map((position) => (position + 2 * SIDE) % (SIDE * SIDE))

/** ShiftRows, and then the order of a block. */
export const SHIFT_ROWS_TO_BLOCK: readonly number[] = BY_ROWS.map((position) => SHIFT_ROWS[position] ?? 0)

export function orderByRows(block: Vector): Vector {
  return i8x16.shuffle(BY_ROWS, block, block)
}

/** The planes of eight blocks that are all `block`: each byte of a plane has all of its bits set or none. */
export function spreadBlock(f: FunctionBuilder, block: Vector): Local<'v128'>[] {
  const value = f.let(block)
  return Array.from({ length: PLANES }, (_, i) => {
    const bit = v128.const(new Uint8Array(16).fill(1 << i))
    return f.let(i8x16.eq(v128.and(value, bit), bit))
  })
}

/**
 * Exchanges bits for blocks: of eight vectors, bit j of vector i and bit i of vector j, in every byte. Blocks become
 * planes, and planes blocks.
 */
export function transposeBits(f: FunctionBuilder, vectors: readonly Local<'v128'>[]): void {
  for (const [distance, mask] of [
    [1, 0x55],
    [2, 0x33],
    [4, 0x0f],
  ] as const) {
    const kept = v128.const(new Uint8Array(16).fill(mask))
    for (const [i, low] of vectors.entries()) {
      const high = vectors[i + distance]
      if ((i & distance) !== 0 || high === undefined) continue
      // What crosses a byte's border is masked away.
      const difference = f.let(v128.and(v128.xor(i64x2.shrU(low, distance), high), kept))
      f.set(high, v128.xor(high, difference))
      f.set(low, v128.xor(low, i64x2.shl(difference, distance)))
    }
  }
}
