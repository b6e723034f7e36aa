/**
 * Counter mode: key stream by batches, and data under it.
 *
 * Of the eight blocks of a batch only the lowest three bits of the counter differ, so their planes are one block's
 * planes and three constants. The first batch has in place of block 0, which GCM does not use, a block of zeros, whose
 * encryption is the hash key; block 1 is what hides the tag, and blocks 2 to 7 are the first of the key stream.
 *
 * @spec SP 800-38D §6.2 (counter), §7.1
 */

import type { Callable, FunctionBuilder, Local, ModuleBuilder, Statement } from '../assembler.ts'
import { i32, i32x4, i8x16, v128 } from '../assembler.ts'
import { BATCH, BATCH_BLOCKS, BATCH_BYTES, BLOCK_BYTES, COUNTER, INPUT_PLANES, NEXT_COUNTER, USED } from './layout.ts'
import { orderByRows, spreadBlock, transposeBits } from './planes.ts'

/** Bit b is bit i of b, for b from 0 to 7. */
const COUNTER_BITS = [0xaa, 0xcc, 0xf0]
/** Where the planes have a block's last byte. */
const LAST_BYTE = 15
/** Bit 0 of every byte is block 0's. */
const ALL_BUT_FIRST_BLOCK = 0xfe
/** The counter's four bytes, most significant first. */
const COUNTER_LAST = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 14, 13, 12]

export interface CounterMode {
  /** Encrypts the first batch under the vector in `COUNTER`. */
  readonly begin: Callable<[], Statement>
  /** Adds key stream to as many bytes as `length` says, rounded up to whole blocks, from `address` on. */
  readonly crypt: Callable<['i32', 'i32'], Statement>
  /** Encrypts the eight blocks in `BATCH` in place. */
  readonly encryptBlocks: Callable<[], Statement>
}

export function defineCounterMode(module: ModuleBuilder, encryptBatch: Callable<[], Statement>): CounterMode {
  const begin = module.procedure([], (f) => {
    const others = v128.const(new Uint8Array(16).fill(ALL_BUT_FIRST_BLOCK))
    const planes = counterPlanes(f, f.let(i32.const(0)))
    storePlanes(
      f,
      planes.map((plane) => f.let(v128.and(plane, others))),
    )
    f.emit(encryptBatch.call(), i32.store(USED.at, 0, 2 * BLOCK_BYTES), i32.store(NEXT_COUNTER.at, 0, BATCH_BLOCKS))
  })

  const crypt = module.procedure(['i32', 'i32'], (f, address, length) => {
    const at = f.let(address)
    const end = f.let(i32.add(address, length))
    const used = f.let(i32.load(USED.at))
    f.while(i32.ltU(at, end), () => {
      f.if(i32.eq(used, BATCH_BYTES), () => {
        const counter = f.let(i32.load(NEXT_COUNTER.at))
        storePlanes(f, counterPlanes(f, counter))
        f.emit(encryptBatch.call(), i32.store(NEXT_COUNTER.at, 0, i32.add(counter, BATCH_BLOCKS)))
        f.set(used, 0)
      })
      f.emit(v128.store(at, 0, v128.xor(v128.load(at), v128.load(used, BATCH.at))))
      f.set(used, i32.add(used, BLOCK_BYTES))
      f.set(at, i32.add(at, BLOCK_BYTES))
    })
    f.emit(i32.store(USED.at, 0, used))
  })

  const encryptBlocks = module.procedure([], (f) => {
    const blocks = Array.from({ length: BATCH_BLOCKS }, (_, i) =>
      f.let(orderByRows(f.let(v128.load(BATCH.at, i * BLOCK_BYTES)))),
    )
    transposeBits(f, blocks)
    storePlanes(f, blocks)
    f.emit(encryptBatch.call())
  })
  return { begin, crypt, encryptBlocks }
}

/** @param counter of the batch's first block, a multiple of eight */
function counterPlanes(f: FunctionBuilder, counter: Local<'i32'>): Local<'v128'>[] {
  const block = f.let(i32x4.replaceLane(3, v128.load(COUNTER.at), counter))
  const planes = spreadBlock(f, orderByRows(f.let(i8x16.shuffle(COUNTER_LAST, block, block))))
  return planes.map((plane, i) => {
    const bits = COUNTER_BITS[i]
    if (bits === undefined) return plane
    return f.let(v128.or(plane, v128.const(Array.from({ length: 16 }, (_, at) => (at === LAST_BYTE ? bits : 0)))))
  })
}

function storePlanes(f: FunctionBuilder, planes: readonly Local<'v128'>[]): void {
  for (const [i, plane] of planes.entries()) f.emit(v128.store(INPUT_PLANES.at, i * BLOCK_BYTES, plane))
}
