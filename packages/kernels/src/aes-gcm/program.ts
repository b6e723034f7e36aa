/** The kernel's module: what `aes-gcm.ts` calls, over what the other files here define. */

import { ModuleBuilder, i32, i64, i64x2, i8x16, v128 } from '../assembler.ts'
import { defineCounterMode } from './counter-mode.ts'
import { defineEncryptBatch } from './encrypt-batch.ts'
import { defineGhashLanes } from './ghash-lanes.ts'
import { defineGhash } from './ghash.ts'
import { defineKeySchedule } from './key-schedule.ts'
import {
  BATCH,
  BLOCK_BYTES,
  DATA,
  EXPECTED_TAG,
  HASH,
  HAS_TABLES,
  LANES,
  LANE_KEY,
  PAGES,
  STATE,
  STATE_END,
  S_BOX,
  TAG,
  TAG_MASK,
} from './layout.ts'
import { tabulateSBox } from './s-box.ts'

/** Rows of sixteen blocks from which on the tables for lanes are worth making. */
const WORTHWHILE_ROWS = 3

/** What the module exports; lengths are in bytes. */
export interface AesGcmExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  /** Expands the key in `KEY`. */
  expandKey(): void
  /** Begins a message under the expanded key and the vector in `COUNTER`. */
  begin(): void
  /** Hashes `DATA`, padded with zeros. */
  absorb(length: number): void
  /** Encrypts `DATA` in place and hashes it. All but the last piece of a message are whole blocks. */
  seal(length: number): void
  /** Hashes `DATA` and decrypts it in place. */
  open(length: number): void
  /** Computes the tag into `TAG`, from the lengths of additional data and ciphertext. */
  finish(additionalLength: bigint, length: bigint): void
  /** @returns whether `TAG` is `EXPECTED_TAG`, in the same time for all tags */
  isExpected(): number
  /** Encrypts the eight blocks in `BATCH` in place, under the expanded key. */
  encryptBlocks(): void
  /** Overwrites all that is secret and `length` bytes of `DATA`. */
  zeroize(length: number): void
}

/** The module for this runtime. */
export function assembleAesGcm(): Uint8Array {
  const module = new ModuleBuilder({ pages: PAGES })
  module.data(S_BOX.at, tabulateSBox())

  const expandKey = defineKeySchedule(module)
  const counterMode = defineCounterMode(module, defineEncryptBatch(module))
  const ghash = defineGhash(module)
  const absorbRows = defineGhashLanes(module, ghash)

  const absorb = module.procedure(['i32'], (f, length) => {
    f.emit(v128.store(i32.add(length, DATA.at), 0, v128.const(new Uint8Array(16))))
    const blocks = f.let(i32.shrU(i32.add(length, BLOCK_BYTES - 1), 4))
    const at = f.let(i32.const(DATA.at))
    const rows = f.let(i32.shrU(blocks, 4))
    f.if(i32.geU(rows, WORTHWHILE_ROWS), () => {
      f.emit(absorbRows.call(at, rows))
      f.set(at, i32.add(at, i32.mul(rows, LANES * BLOCK_BYTES)))
      f.set(blocks, i32.and(blocks, LANES - 1))
    })
    f.emit(ghash.absorb.call(at, blocks))
  })

  module.export('expandKey', expandKey)
  module.export('absorb', absorb)
  module.export('encryptBlocks', counterMode.encryptBlocks)
  module.export(
    'begin',
    module.procedure([], (f) => {
      f.emit(
        counterMode.begin.call(),
        v128.store(LANE_KEY.at, 0, v128.load(BATCH.at)),
        v128.store(TAG_MASK.at, 0, v128.load(BATCH.at, BLOCK_BYTES)),
        ghash.setKey.call(LANE_KEY.at),
        v128.store(HASH.at, 0, v128.const(new Uint8Array(16))),
        i32.store(HAS_TABLES.at, 0, 0),
      )
    }),
  )
  module.export(
    'seal',
    module.procedure(['i32'], (f, length) => f.emit(counterMode.crypt.call(DATA.at, length), absorb.call(length))),
  )
  module.export(
    'open',
    module.procedure(['i32'], (f, length) => f.emit(absorb.call(length), counterMode.crypt.call(DATA.at, length))),
  )
  module.export(
    'finish',
    module.procedure(['i64', 'i64'], (f, additionalLength, length) => {
      const bits = i64x2.replaceLane(1, i64x2.splat(i64.shl(additionalLength, 3n)), i64.shl(length, 3n))
      const words = f.let(bits)
      const bigEndian = i8x16.shuffle([7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8], words, words)
      f.emit(
        v128.store(TAG.at, 0, bigEndian),
        ghash.absorb.call(TAG.at, 1),
        v128.store(TAG.at, 0, v128.xor(v128.load(HASH.at), v128.load(TAG_MASK.at))),
      )
    }),
  )
  module.export(
    'isExpected',
    module.function([], 'i32', (f) => {
      const difference = f.let(v128.xor(v128.load(TAG.at), v128.load(EXPECTED_TAG.at)))
      return i64.eqz(i64.or(i64x2.extractLane(0, difference), i64x2.extractLane(1, difference)))
    }),
  )
  module.export(
    'zeroize',
    module.procedure(['i32'], (f, length) => {
      f.fill(STATE, 0, STATE_END - STATE)
      f.fill(DATA.at, 0, i32.add(length, BLOCK_BYTES))
    }),
  )
  return module.encode()
}
