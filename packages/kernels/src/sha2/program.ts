/** The kernel's module, for one width of words. */

import { ModuleBuilder, i32, i64, i64x2, i8x16, v128 } from '../assembler.ts'
import { defineCompress, reverseWords } from './compress.ts'
import { roundConstants } from './constants.ts'
import {
  DATA,
  DIGEST,
  OUTER_STATE,
  PAGES,
  ROUND_CONSTANTS,
  SECRETS_END,
  STATE,
  WORDS_IN_STATE,
  blockBytes,
  wordBytes,
} from './layout.ts'
import type { Variant } from './variant.ts'

/** What the module exports; lengths are in bytes. */
export interface Sha2Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  /** Hashes whole blocks of `DATA` into `STATE`. */
  compress(blocks: number): void
  /** Pads what is left in `DATA`, hashes it, and writes `DIGEST`. @param total of the whole message */
  finish(length: number, total: bigint): void
  /** Likewise, and then hashes `digestLength` bytes of the digest from `OUTER_STATE` on. @spec FIPS 198-1 §4 */
  finishMac(length: number, total: bigint, digestLength: number): void
  /** Overwrites all that depends on a message, and `length` bytes of `DATA`. */
  zeroize(length: number): void
}

const VECTOR_BYTES = 16
const PADDING = 0x80
const LENGTH_BYTES = 8
/** What is not a whole block any more takes at most two with its padding. */
const MOST_PADDING_BLOCKS = 2

export function assembleSha2(variant: Variant): Uint8Array {
  const module = new ModuleBuilder({ pages: PAGES })
  module.data(ROUND_CONSTANTS, encodeConstants(variant))
  const block = blockBytes(variant)
  const stateBytes = WORDS_IN_STATE * wordBytes(variant)
  const compress = defineCompress(module, variant)

  const finish = module.procedure(['i32', 'i64'], (f, length, total) => {
    // The length field is two words long, and its upper half always zero here. @spec FIPS 180-4 §5.1
    const padded = f.let(i32.and(i32.add(length, 1 + 2 * wordBytes(variant) + block - 1), -block))
    // Quicker than a fill, though it reaches a little too far.
    const zeros = v128.const(new Uint8Array(VECTOR_BYTES))
    for (let at = 0; at < MOST_PADDING_BLOCKS * block; at += VECTOR_BYTES) f.emit(v128.store(length, DATA + at, zeros))
    f.emit(i32.store8(length, DATA, PADDING))
    const bits = f.let(i64x2.splat(i64.shl(total, 3n)))
    const bigEndian = i8x16.shuffle([7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8], bits, bits)
    f.emit(
      i64.store(padded, DATA - LENGTH_BYTES, i64x2.extractLane(0, bigEndian)),
      compress.call(DATA, i32.shrU(padded, Math.log2(block))),
    )
    for (let at = 0; at < stateBytes; at += VECTOR_BYTES) {
      f.emit(v128.store(DIGEST + at, 0, reverseWords(f, v128.load(STATE + at), variant)))
    }
  })

  module.export(
    'compress',
    module.procedure(['i32'], (f, blocks) => f.emit(compress.call(DATA, blocks))),
  )
  module.export('finish', finish)
  module.export(
    'finishMac',
    module.procedure(['i32', 'i64', 'i32'], (f, length, total, digestLength) => {
      f.emit(finish.call(length, total))
      for (let at = 0; at < stateBytes; at += VECTOR_BYTES) {
        f.emit(v128.store(DATA + at, 0, v128.load(DIGEST + at)), v128.store(STATE + at, 0, v128.load(OUTER_STATE + at)))
      }
      f.emit(finish.call(digestLength, i64.extendU(i32.add(digestLength, block))))
    }),
  )
  module.export(
    'zeroize',
    module.procedure(['i32'], (f, length) => {
      f.fill(STATE, 0, SECRETS_END - STATE)
      // The padding reaches further than what it pads.
      f.fill(DATA, 0, i32.add(length, MOST_PADDING_BLOCKS * block))
    }),
  )
  return module.encode()
}

function encodeConstants(variant: Variant): number[] {
  const size = wordBytes(variant)
  return roundConstants()
    .slice(0, variant.rounds)
    .flatMap((constant) => {
      const word = constant >> BigInt(64 - variant.wordBits)
      return Array.from({ length: size }, (_, i) => Number((word >> BigInt(8 * i)) & 0xffn))
    })
}
