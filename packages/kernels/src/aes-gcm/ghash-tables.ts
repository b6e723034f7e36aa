/**
 * The tables for GHASH in lanes: products of the hash key's sixteenth power with each nibble.
 *
 * Vector k of a table has byte k of all sixteen products. A nibble is a polynomial of four coefficients, the lowest power
 * first, so a product is a sum of the key's multiples by 1, x, x^2 and x^3; for the low nibble of a byte, by x^4 more.
 */

import type { Callable, Expression, FunctionBuilder, ModuleBuilder, Statement } from '../assembler.ts'
import { i32, i8x16, v128 } from '../assembler.ts'
import type { Ghash } from './ghash.ts'
import {
  BLOCK_BYTES,
  HASH,
  HAS_TABLES,
  HIGH_TABLE,
  LANES,
  LANE_KEY,
  LANE_PRODUCT,
  LOW_TABLE,
  TABLE_VECTORS,
} from './layout.ts'

const ZEROS = v128.const(new Uint8Array(16))
const NIBBLE_BITS = 4
const BYTE_BITS = 8
/** A multiple is a byte longer than a block. */
const MULTIPLE_BYTES = 2 * BLOCK_BYTES

export function defineGhashTables(module: ModuleBuilder, ghash: Ghash): Callable<[], Statement> {
  return module.procedure([], (f) => {
    const hash = f.let(v128.load(HASH.at))
    const key = f.let(v128.load(LANE_KEY.at))
    for (let power = 1; power < LANES; power *= 2) square(f, ghash)
    const factor = f.let(v128.load(LANE_KEY.at))
    for (const [table, shift] of [
      [HIGH_TABLE, 0],
      [LOW_TABLE, NIBBLE_BITS],
    ] as const) {
      for (let bit = 0; bit < NIBBLE_BITS; bit++) storeMultiple(f, multipleAt(bit), factor, shift + bit)
      for (let k = 0; k < TABLE_VECTORS; k++) f.emit(v128.store(table.at, k * BLOCK_BYTES, sumMultiples(k)))
    }
    f.emit(
      v128.store(LANE_KEY.at, 0, key),
      ghash.setKey.call(LANE_KEY.at),
      v128.store(HASH.at, 0, hash),
      i32.store(HAS_TABLES.at, 0, 1),
    )
  })
}

/** Squares what is in `LANE_KEY`: hashing one block of zeros multiplies the accumulator by the key. */
function square(f: FunctionBuilder, ghash: Ghash): void {
  f.emit(
    v128.store(HASH.at, 0, v128.load(LANE_KEY.at)),
    v128.store(LANE_PRODUCT.at, 0, ZEROS),
    ghash.setKey.call(LANE_KEY.at),
    ghash.absorb.call(LANE_PRODUCT.at, 1),
    v128.store(LANE_KEY.at, 0, v128.load(HASH.at)),
  )
}

function multipleAt(bit: number): number {
  return LANE_PRODUCT.at + bit * MULTIPLE_BYTES
}

/** Multiplies by x to the power of 0 to 7, without reducing: bits move towards later bytes. */
function storeMultiple(f: FunctionBuilder, at: number, factor: Expression<'v128'>, power: number): void {
  const before = i8x16.shuffle(
    Array.from({ length: 16 }, (_, i) => 15 + i),
    ZEROS,
    factor,
  )
  const shifted = v128.or(i8x16.shrU(factor, power), i8x16.shl(before, BYTE_BITS - power))
  const last = i32.load8U(LANE_KEY.at + BLOCK_BYTES - 1)
  f.emit(
    v128.store(at, 0, power === 0 ? factor : shifted),
    i32.store8(at, BLOCK_BYTES, i32.shl(last, BYTE_BITS - power)),
  )
}

/** Byte k of the products with all nibbles. */
function sumMultiples(k: number): Expression<'v128'> {
  return Array.from({ length: NIBBLE_BITS }, (_, bit) => {
    const byte = i8x16.splat(i32.load8U(multipleAt(bit) + k))
    // The lowest power is a nibble's highest bit.
    const lanes = Array.from({ length: 16 }, (_lane, nibble) => ((nibble >> (NIBBLE_BITS - 1 - bit)) & 1) * 0xff)
    return v128.and(byte, v128.const(lanes))
  }).reduce((sum, multiple) => v128.xor(sum, multiple))
}
