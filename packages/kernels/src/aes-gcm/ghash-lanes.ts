/**
 * GHASH of long data, sixteen blocks at a time.
 *
 * Lane i hashes blocks i, i + 16, i + 32 and so on under the key's sixteenth power. What the lanes come to is sixteen
 * blocks again, and hashing those block by block gives the hash of all.
 *
 * A vector holds one byte of each of the sixteen blocks. All lanes have one factor in common, so a product is put
 * together from two tables of the factor's products with each nibble, and a swizzle looks sixteen nibbles up at once,
 * in a register and in the same time for all values. Multiplying by x^8 only renames the vectors.
 *
 * @spec SP 800-38D §6.3, §6.4
 */

import type { Callable, Expression, FunctionBuilder, Local, ModuleBuilder, Statement } from '../assembler.ts'
import { i16x8, i32, i64x2, i8x16, v128 } from '../assembler.ts'
import { hasRelaxedSimd } from '../capability.ts'
import { defineGhashTables } from './ghash-tables.ts'
import type { Ghash } from './ghash.ts'
import {
  BLOCK_BYTES,
  HASH,
  HAS_TABLES,
  HIGH_TABLE,
  LANES,
  LANE_BYTES,
  LANE_PRODUCT,
  LOW_TABLE,
  TABLE_VECTORS,
} from './layout.ts'

type Vector = Local<'v128'>

const ZEROS = v128.const(new Uint8Array(16))
const ROW_BYTES = LANES * BLOCK_BYTES
/** How many of the sixteen bytes are multiplied in one pass over the tables: so many that all stays in registers. */
const PASS = 4

/** Looks sixteen nibbles up in a vector. */
type LookUp = (table: Vector, nibbles: Vector) => Expression<'v128'>

/** A nibble is below sixteen, so that nothing is left open. */
function findQuickestLookUp(): LookUp {
  return hasRelaxedSimd() ? i8x16.relaxedSwizzle : i8x16.swizzle
}

/** Hashes whole rows of sixteen blocks: from where on, and how many rows, at least one. */
export function defineGhashLanes(module: ModuleBuilder, ghash: Ghash): Callable<['i32', 'i32'], Statement> {
  const lookUp = findQuickestLookUp()
  const makeTables = defineGhashTables(module, ghash)
  const transpose = module.procedure(['i32', 'i32'], transposeBytes)
  const multiply = module.procedure([], (f) => multiplyLanes(f, lookUp))

  return module.procedure(['i32', 'i32'], (f, address, rows) => {
    f.if(i32.eqz(i32.load(HAS_TABLES.at)), () => f.emit(makeTables.call()))
    const at = f.let(address)
    const end = f.let(i32.add(address, i32.mul(rows, ROW_BYTES)))
    // What has been hashed so far is added to the first block, and taken away again: it is somebody's data.
    const addHash = v128.store(at, 0, v128.xor(v128.load(at), v128.load(HASH.at)))
    f.emit(addHash, transpose.call(at, LANE_BYTES.at), addHash)
    f.set(at, i32.add(at, ROW_BYTES))
    f.while(i32.ltU(at, end), () => {
      f.emit(multiply.call(), transpose.call(at, LANE_PRODUCT.at))
      for (let i = 0; i < LANES; i++) {
        const offset = i * BLOCK_BYTES
        const sum = v128.xor(v128.load(LANE_BYTES.at + offset), v128.load(LANE_PRODUCT.at + offset))
        f.emit(v128.store(LANE_BYTES.at, offset, sum))
      }
      f.set(at, i32.add(at, ROW_BYTES))
    })
    f.emit(
      transpose.call(LANE_BYTES.at, LANE_PRODUCT.at),
      v128.store(HASH.at, 0, ZEROS),
      ghash.absorb.call(LANE_PRODUCT.at, LANES),
    )
  })
}

/** Sixteen vectors of sixteen bytes, exchanged for each other: four rounds of interleaving halves. */
function transposeBytes(f: FunctionBuilder, from: Local<'i32'>, to: Local<'i32'>): void {
  const low = [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23]
  const high = low.map((lane) => lane + 8)
  let vectors = Array.from({ length: LANES }, (_, i) => f.let(v128.load(from, i * BLOCK_BYTES)))
  for (let round = 0; round < 4; round++) {
    vectors = vectors.map((_, i) => {
      const pair = i >> 1
      const [left, right] = [vectorAt(vectors, pair), vectorAt(vectors, pair + LANES / 2)]
      return f.let(i8x16.shuffle(i % 2 === 0 ? low : high, left, right))
    })
  }
  for (const [i, vector] of vectors.entries()) f.emit(v128.store(to, i * BLOCK_BYTES, vector))
}

/** Multiplies what is in `LANE_BYTES` by the tables' factor, and reduces. */
function multiplyLanes(f: FunctionBuilder, lookUp: LookUp): void {
  for (let i = 0; i < 2 * LANES; i++) f.emit(v128.store(LANE_PRODUCT.at, i * BLOCK_BYTES, ZEROS))
  const lowNibbles = v128.const(new Uint8Array(16).fill(0x0f))
  const pass = f.let(i32.const(0))
  f.loop((start) => {
    const bytes = Array.from({ length: PASS }, (_, i) => f.let(v128.load(pass, LANE_BYTES.at + i * BLOCK_BYTES)))
    const high = bytes.map((byte) => f.let(v128.and(i16x8.shrU(byte, 4), lowNibbles)))
    const low = bytes.map((byte) => f.let(v128.and(byte, lowNibbles)))
    let sums: Expression<'v128'>[] = Array.from({ length: PASS }, () => ZEROS)
    for (let k = 0; k < TABLE_VECTORS; k++) {
      const highTable = f.let(v128.load(HIGH_TABLE.at + k * BLOCK_BYTES))
      const lowTable = f.let(v128.load(LOW_TABLE.at + k * BLOCK_BYTES))
      sums = sums.map((sum, i) => {
        const products = v128.xor(lookUp(highTable, vectorAt(high, i)), lookUp(lowTable, vectorAt(low, i)))
        return f.let(v128.xor(sum, products))
      })
      // Byte k of the product is whole, as far as this pass goes; the next byte of each is one place further.
      addProduct(f, pass, k, sums[0])
      sums = [...sums.slice(1), ZEROS]
    }
    for (let i = 0; i < PASS - 1; i++) addProduct(f, pass, TABLE_VECTORS + i, sums[i])
    f.set(pass, i32.add(pass, PASS * BLOCK_BYTES))
    f.branchIf(i32.ltU(pass, LANES * BLOCK_BYTES), start)
  })
  reduceLanes(f)
}

function addProduct(f: FunctionBuilder, pass: Local<'i32'>, place: number, sum: Expression<'v128'> | undefined): void {
  const at = LANE_PRODUCT.at + place * BLOCK_BYTES
  if (sum !== undefined) f.emit(v128.store(pass, at, v128.xor(v128.load(pass, at), sum)))
}

/**
 * x^128 = 1 + x + x^2 + x^7: a byte of the upper half is added to the byte sixteen before it, and shifted by one, two and
 * seven bits, whatever leaves the byte to the next. From the last one on, since that comes back to the first.
 */
function reduceLanes(f: FunctionBuilder): void {
  const at = (i: number): number => LANE_PRODUCT.at + i * BLOCK_BYTES
  for (let i = LANES - 1; i >= 0; i--) {
    const byte = f.let(v128.load(at(LANES + i)))
    const shiftDown = (bits: number): Expression<'v128'> => masked(i64x2.shrU(byte, bits), 0xff >> bits)
    const shiftUp = (bits: number): Expression<'v128'> => masked(i64x2.shl(byte, bits), (0xff << bits) & 0xff)
    const same = v128.xor(v128.xor(byte, shiftDown(1)), v128.xor(shiftDown(2), shiftDown(7)))
    const next = v128.xor(shiftUp(7), v128.xor(shiftUp(6), shiftUp(1)))
    f.emit(v128.store(at(i), 0, v128.xor(v128.load(at(i)), same)))
    f.emit(v128.store(at(i + 1), 0, v128.xor(v128.load(at(i + 1)), next)))
  }
  for (let i = 0; i < LANES; i++) f.emit(v128.store(LANE_BYTES.at, i * BLOCK_BYTES, v128.load(at(i))))
}

function masked(vector: Expression<'v128'>, byte: number): Expression<'v128'> {
  return v128.and(vector, v128.const(new Uint8Array(16).fill(byte)))
}

function vectorAt(vectors: readonly Vector[], i: number): Vector {
  const vector = vectors[i]
  if (vector === undefined) throw new RangeError('there are sixteen vectors')
  return vector
}
