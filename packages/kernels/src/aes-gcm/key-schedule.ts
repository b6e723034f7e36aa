/**
 * AES-256's round keys, spread into planes.
 *
 * SubWord reads the whole S-box for every word, sixteen values at a time, so that no address depends on the key.
 *
 * @spec FIPS 197 §5.2
 */

import { type Callable, type Expression, type FunctionBuilder, type Local, type ModuleBuilder } from '../assembler.ts'
import type { Statement } from '../assembler.ts'
import { i8x16, v128 } from '../assembler.ts'
import { KEY, PLANES_BYTES, ROUNDS, ROUND_KEYS, S_BOX } from './layout.ts'
import { orderByRows, spreadBlock } from './planes.ts'
import { S_BOX_CONSTANT } from './s-box.ts'

type Vector = Local<'v128'>

const SLICE = 16
const ZEROS = v128.const(new Uint8Array(16))
/** The last word of a block in all four places, as it is and rotated by a byte. */
const LAST_WORD = [12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15]
const LAST_WORD_ROTATED = [13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12]

/** Expands the key at `KEY`. */
export function defineKeySchedule(module: ModuleBuilder): Callable<[], Statement> {
  const substituteBytes = module.function(['v128'], 'v128', lookUpBytes)
  const storeRoundKey = module.procedure(['v128', 'i32'], (f, block, at) => {
    // What the S-box's circuit leaves out passes ShiftRows and MixColumns unchanged, so it can be added here.
    const constant = v128.const(new Uint8Array(16).fill(S_BOX_CONSTANT))
    storePlanes(f, at, orderByRows(v128.xor(block, constant)))
  })

  return module.procedure([], (f) => {
    const even = f.let(v128.load(KEY.at))
    const odd = f.let(v128.load(KEY.at + SLICE))
    storePlanes(f, ROUND_KEYS.at, orderByRows(even))
    f.emit(storeRoundKey.call(odd, placeOf(1)))
    for (let round = 2; round <= ROUNDS; round++) {
      const [current, previous] = round % 2 === 0 ? [even, odd] : [odd, even]
      const lanes = round % 2 === 0 ? LAST_WORD_ROTATED : LAST_WORD
      const substituted = f.let(substituteBytes.call(i8x16.shuffle(lanes, previous, previous)))
      f.set(current, v128.xor(addUp(f, current), round % 2 === 0 ? addConstant(substituted, round / 2) : substituted))
      if (round < ROUNDS) f.emit(storeRoundKey.call(current, placeOf(round)))
    }
    // The last one is added to blocks in their own order.
    storePlanes(f, placeOf(ROUNDS), v128.xor(even, v128.const(new Uint8Array(16).fill(S_BOX_CONSTANT))))
  })
}

function placeOf(round: number): number {
  return ROUND_KEYS.at + round * PLANES_BYTES
}

function storePlanes(f: FunctionBuilder, at: Local<'i32'> | number, block: Expression<'v128'>): void {
  for (const [i, plane] of spreadBlock(f, block).entries()) f.emit(v128.store(at, i * SLICE, plane))
}

/** A swizzle answers zero to an index beyond its sixteen values, so of all the slices one answers each byte. */
function lookUpBytes(f: FunctionBuilder, bytes: Vector): Vector {
  const result = f.let(ZEROS)
  for (let at = 0; at < S_BOX.bytes; at += SLICE) {
    const index = i8x16.sub(bytes, v128.const(new Uint8Array(SLICE).fill(at)))
    f.set(result, v128.or(result, i8x16.swizzle(v128.load(S_BOX.at + at), index)))
  }
  return result
}

/** The first byte of each word gets Rcon. */
function addConstant(words: Vector, index: number): Expression<'v128'> {
  const constant = 1 << (index - 1)
  return v128.xor(words, v128.const(Array.from({ length: 16 }, (_, i) => (i % 4 === 0 ? constant : 0))))
}

/** Adds to each word all the words before it. */
function addUp(f: FunctionBuilder, words: Vector): Vector {
  const once = f.let(v128.xor(words, moveWords(words, 1)))
  return f.let(v128.xor(once, moveWords(once, 2)))
}

function moveWords(words: Vector, count: number): Expression<'v128'> {
  const lanes = Array.from({ length: 16 }, (_, i) => 16 + i - 4 * count)
  return i8x16.shuffle(lanes, ZEROS, words)
}
