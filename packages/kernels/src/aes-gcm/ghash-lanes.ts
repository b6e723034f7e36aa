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
import type { Ghash } from './ghash.ts'
import {
  BLOCK_BYTES,
  HASH,
  HAS_TABLES,
  HIGH_TABLE,
  LANES,
  LANE_BYTES,
  LANE_KEY,
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
  const makeTables = defineTables(module, ghash)
  const transpose = module.procedure(['i32', 'i32'], transposeBytes)
  const multiply = module.procedure([], (f) => multiplyLanes(f, lookUp))

  return module.procedure(['i32', 'i32'], (f, address, rows) => {
    f.if(i32.eqz(i32.load(HAS_TABLES.at)), () => f.emit(makeTables.call()))
    const at = f.let(address)
    const end = f.let(i32.add(address, i32.mul(rows, ROW_BYTES)))
    // What has been hashed so far is added to the first block.
    f.emit(v128.store(at, 0, v128.xor(v128.load(at), v128.load(HASH.at))))
    f.emit(transpose.call(at, LANE_BYTES.at))
    f.emit(v128.store(at, 0, v128.xor(v128.load(at), v128.load(HASH.at))))
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

/** Makes the tables of the hash key's sixteenth power. */
function defineTables(module: ModuleBuilder, ghash: Ghash): Callable<[], Statement> {
  return module.procedure([], (f) => {
    const hash = f.let(v128.load(HASH.at))
    const key = f.let(v128.load(LANE_KEY.at))
    // Squared four times: hashing one block of zeros multiplies the accumulator by the key.
    for (let squared = 0; squared < 4; squared++) {
      f.emit(v128.store(HASH.at, 0, v128.load(LANE_KEY.at)))
      f.emit(v128.store(LANE_PRODUCT.at, 0, ZEROS))
      f.emit(ghash.setKey.call(LANE_KEY.at), ghash.absorb.call(LANE_PRODUCT.at, 1))
      f.emit(v128.store(LANE_KEY.at, 0, v128.load(HASH.at)))
    }
    // The powers of the factor's multiples by x, as bytes of 0 to 16.
    for (const [table, shift] of [
      [HIGH_TABLE, 0],
      [LOW_TABLE, 4],
    ] as const) {
      // A little room before and behind, so that every byte has a neighbour.
      for (let power = 0; power < 4; power++) {
        const distance = shift + power
        const product = LANE_PRODUCT.at + power * 2 * BLOCK_BYTES
        f.emit(v128.store(product, BLOCK_BYTES, ZEROS))
        const shifted = distance === 0 ? v128.load(LANE_KEY.at) : shiftBits(f, v128.load(LANE_KEY.at), distance)
        f.emit(v128.store(product, 0, shifted))
        const carried = i32.shl(i32.load8U(LANE_KEY.at + BLOCK_BYTES - 1), 8 - distance)
        f.emit(i32.store8(product, BLOCK_BYTES, carried))
      }
      for (let k = 0; k < TABLE_VECTORS; k++) {
        let entry: Expression<'v128'> = ZEROS
        for (let power = 0; power < 4; power++) {
          const byte = i8x16.splat(i32.load8U(LANE_PRODUCT.at + power * 2 * BLOCK_BYTES + k))
          // Nibble n has the power whose bit is set in n; the lowest power is the highest bit.
          const lanes = Array.from({ length: 16 }, (_, n) => ((n >> (3 - power)) & 1) * 0xff)
          entry = v128.xor(entry, v128.and(byte, v128.const(lanes)))
        }
        f.emit(v128.store(table.at, k * BLOCK_BYTES, entry))
      }
    }
    f.emit(v128.store(LANE_KEY.at, 0, key), ghash.setKey.call(LANE_KEY.at), v128.store(HASH.at, 0, hash))
    f.emit(i32.store(HAS_TABLES.at, 0, 1))
  })
}

/** Multiplies a block by x to the power of 1 to 7, leaving off what does not fit: bits move towards later bytes. */
function shiftBits(f: FunctionBuilder, block: Expression<'v128'>, distance: number): Expression<'v128'> {
  const value = f.let(block)
  const before = Array.from({ length: 16 }, (_, i) => 15 + i)
  const previous = i8x16.shuffle(before, ZEROS, value)
  return v128.or(i8x16.shrU(value, distance), i8x16.shl(previous, 8 - distance))
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
