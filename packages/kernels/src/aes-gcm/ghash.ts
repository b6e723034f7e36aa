/**
 * GHASH block by block, on 64-bit integers.
 *
 * A product without carries comes of ordinary products with holes: of both factors only every fourth bit is kept, so
 * that the summands of a bit, fewer than sixteen, carry into three bits that are masked away (at the very top there are
 * sixteen, whose carry leaves the word), and the sixteen pairs of such parts are put together. The upper half of a
 * product is the lower half of that of the reversed factors, reversed.
 * Multiplication takes the same time for all factors on the processors that we know.
 *
 * @spec SP 800-38D §6.3, §6.4; Pornin, "BearSSL: constant-time crypto", on GHASH
 */

import type { Callable, Expression, FunctionBuilder, Local, ModuleBuilder, Statement } from '../assembler.ts'
import { i32, i64, i64x2, i8x16, v128 } from '../assembler.ts'
import { BLOCK_BYTES, HASH, HASH_KEY } from './layout.ts'

type Word = Expression<'i64'>
type WordLocal = Local<'i64'>

const HOLES = 4
/** Every fourth bit, from each of the first four on. */
const MASKS = [0x1111111111111111n, 0x2222222222222222n, 0x4444444444444444n, 0x8888888888888888n]
const REVERSE_BYTES = [7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8]

/** A 128-bit polynomial: the coefficient of x^127 is bit 0 of `low`, that of x^0 bit 63 of `high`. */
interface Words {
  readonly high: WordLocal
  readonly low: WordLocal
}

export interface Ghash {
  /** Makes what stands at an address the key by which `absorb` multiplies. */
  readonly setKey: Callable<['i32'], Statement>
  /** Hashes whole blocks: from where on, and how many. */
  readonly absorb: Callable<['i32', 'i32'], Statement>
}

export function defineGhash(module: ModuleBuilder): Ghash {
  const setKey = module.procedure(['i32'], (f, address) => {
    const { high, low } = loadWords(f, address)
    const [highReversed, lowReversed] = [reverse(f, high), reverse(f, low)]
    const parts = [low, high, i64.xor(low, high), lowReversed, highReversed, i64.xor(lowReversed, highReversed)]
    for (const [i, part] of parts.entries()) f.emit(i64.store(HASH_KEY.at, 8 * i, part))
  })

  const absorb = module.procedure(['i32', 'i32'], (f, address, count) => {
    const at = f.let(address)
    const end = f.let(i32.add(address, i32.mul(count, BLOCK_BYTES)))
    const hash = loadWords(f, HASH.at)
    f.while(i32.ltU(at, end), () => {
      const block = loadWords(f, at)
      f.set(hash.high, i64.xor(hash.high, block.high))
      f.set(hash.low, i64.xor(hash.low, block.low))
      multiply(f, hash)
      f.set(at, i32.add(at, BLOCK_BYTES))
    })
    const words = f.let(i64x2.replaceLane(1, i64x2.splat(hash.high), hash.low))
    f.emit(v128.store(HASH.at, 0, i8x16.shuffle(REVERSE_BYTES, words, words)))
  })
  return { setKey, absorb }
}

function loadWords(f: FunctionBuilder, address: Local<'i32'> | number): Words {
  const block = f.let(v128.load(address))
  const words = f.let(i8x16.shuffle(REVERSE_BYTES, block, block))
  return { high: f.let(i64x2.extractLane(0, words)), low: f.let(i64x2.extractLane(1, words)) }
}

/** Multiplies by the key, in place. */
function multiply(f: FunctionBuilder, { high, low }: Words): void {
  const [highReversed, lowReversed] = [reverse(f, high), reverse(f, low)]
  const factors = [low, high, i64.xor(low, high), lowReversed, highReversed, i64.xor(lowReversed, highReversed)]
  const products = factors.map((factor, i) => f.let(multiplyLow(f, f.let(factor), HASH_KEY.at + 8 * i)))
  const [p0, p1, p2, q0, q1, q2] = products as [WordLocal, WordLocal, WordLocal, WordLocal, WordLocal, WordLocal]
  // Karatsuba: the middle product is that of the sums, less the two others.
  const middle = i64.xor(p2, i64.xor(p0, p1))
  const middleReversed = f.let(i64.xor(q2, i64.xor(q0, q1)))
  const upper = (reversed: WordLocal): Word => i64.shrU(reverse(f, reversed), 1n)
  const words = [
    p0,
    f.let(i64.xor(upper(q0), middle)),
    f.let(i64.xor(upper(middleReversed), p1)),
    f.let(upper(q1)),
  ] as const
  reduce(f, words, { high, low })
}

/** The lower half of a product without carries. */
function multiplyLow(f: FunctionBuilder, factor: WordLocal, other: number): Word {
  const mask = (word: Word): WordLocal[] => MASKS.map((kept) => f.let(i64.and(word, kept)))
  const [left, right] = [mask(factor), mask(f.let(i64.load(other)))]
  const parts = MASKS.map((kept, sum) => {
    const products = left.map((one, i) => i64.mul(one, right[(sum - i + HOLES) % HOLES] ?? 0n))
    return i64.and(
      products.reduce((all, product) => i64.xor(all, product)),
      kept,
    )
  })
  return parts.reduce((all, part) => i64.or(all, part))
}

/**
 * Reduces 255 bits, lowest word first, by x^128 = x^7 + x^2 + x + 1. The bits are in reverse, so that the product stands
 * one bit too low, and the words that hold the high powers are the low ones.
 */
function reduce(f: FunctionBuilder, product: readonly [Word, Word, Word, Word], { high, low }: Words): void {
  const [w0, w1, w2, w3] = product
  const v0 = f.let(i64.shl(w0, 1n))
  const v1 = f.let(i64.or(i64.shl(w1, 1n), i64.shrU(w0, 63n)))
  const v2 = f.let(i64.or(i64.shl(w2, 1n), i64.shrU(w1, 63n)))
  const v3 = f.let(i64.or(i64.shl(w3, 1n), i64.shrU(w2, 63n)))
  const down = (word: Word): Word =>
    i64.xor(i64.xor(word, i64.shrU(word, 1n)), i64.xor(i64.shrU(word, 2n), i64.shrU(word, 7n)))
  const carried = (word: Word): Word => i64.xor(i64.shl(word, 63n), i64.xor(i64.shl(word, 62n), i64.shl(word, 57n)))
  f.set(v2, i64.xor(v2, down(v0)))
  f.set(v1, i64.xor(v1, carried(v0)))
  f.set(high, i64.xor(v3, down(v1)))
  f.set(low, i64.xor(v2, carried(v1)))
}

/** Reverses the bits of a word. */
function reverse(f: FunctionBuilder, word: Word): WordLocal {
  const result = f.let(word)
  for (const [distance, mask] of [
    [1n, 0x5555555555555555n],
    [2n, 0x3333333333333333n],
    [4n, 0x0f0f0f0f0f0f0f0fn],
    [8n, 0x00ff00ff00ff00ffn],
    [16n, 0x0000ffff0000ffffn],
  ] as const) {
    const up = i64.shl(i64.and(result, mask), distance)
    f.set(result, i64.or(i64.and(i64.shrU(result, distance), mask), up))
  }
  f.set(result, i64.rotl(result, 32n))
  return result
}
