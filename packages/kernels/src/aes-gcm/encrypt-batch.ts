/**
 * AES-256 on eight blocks side by side, as bits: no branch and no address depends on key or block.
 *
 * @spec FIPS 197 §5.1
 */

import type { Callable, Expression, FunctionBuilder, Local, ModuleBuilder, Statement } from '../assembler.ts'
import { i32, i8x16, v128 } from '../assembler.ts'
import { BATCH, BLOCK_BYTES, INPUT_PLANES, PLANES, PLANES_BYTES, ROUNDS, ROUND_KEYS } from './layout.ts'
import { NEXT_ROW, SECOND_NEXT_ROW, SHIFT_ROWS, SHIFT_ROWS_TO_BLOCK, transposeBits } from './planes.ts'
import { evaluateSBox } from './s-box.ts'

type Vector = Local<'v128'>

/** x^8 = x^4 + x^3 + x + 1: the bits to which the one that is shifted out is added. @spec FIPS 197 §4.2 */
const REDUCED_BITS = [0, 1, 3, 4]
const LAST = PLANES - 1

/** Encrypts the batch in `INPUT_PLANES` to blocks in `BATCH`. */
export function defineEncryptBatch(module: ModuleBuilder): Callable<[], Statement> {
  return module.procedure([], (f) => {
    const roundKey = f.local('i32')
    const state = f.locals('v128', PLANES)
    for (const [i, plane] of state.entries()) {
      f.set(plane, v128.xor(v128.load(INPUT_PLANES.at + i * BLOCK_BYTES), v128.load(ROUND_KEYS.at + i * BLOCK_BYTES)))
    }
    f.set(roundKey, ROUND_KEYS.at + PLANES_BYTES)
    // A variable, so that it stays in a register.
    const shiftRows = f.let(v128.const(SHIFT_ROWS))
    f.loop((start) => {
      const shifted = substitute(f, state).map((plane) => f.let(i8x16.swizzle(plane, shiftRows)))
      mixColumns(f, shifted, state, roundKey)
      f.set(roundKey, i32.add(roundKey, PLANES_BYTES))
      f.branchIf(i32.ltU(roundKey, ROUND_KEYS.at + ROUNDS * PLANES_BYTES), start)
    })
    const blocks = substitute(f, state).map((plane, i) => {
      const shifted = i8x16.shuffle(SHIFT_ROWS_TO_BLOCK, plane, plane)
      return f.let(v128.xor(shifted, v128.load(roundKey, i * BLOCK_BYTES)))
    })
    transposeBits(f, blocks)
    for (const [i, block] of blocks.entries()) f.emit(v128.store(BATCH.at, i * BLOCK_BYTES, block))
  })
}

function substitute(f: FunctionBuilder, planes: readonly Vector[]): Vector[] {
  const output = evaluateSBox<Vector>(
    planes.toReversed(),
    (left, right) => f.let(v128.xor(left, right)),
    (left, right) => f.let(v128.and(left, right)),
  )
  return output.toReversed()
}

/**
 * 2 a + 3 a' + a'' + a''' of each column, where primes say how many rows further down: with the sum d = a + a' that is
 * 2 d + a' + d''. The round key is added along. @spec FIPS 197 §5.1.3
 */
function mixColumns(f: FunctionBuilder, from: readonly Vector[], to: readonly Vector[], roundKey: Local<'i32'>): void {
  const next = from.map((plane) => f.let(i8x16.shuffle(NEXT_ROW, plane, plane)))
  const sums = from.map((plane, i) => f.let(v128.xor(plane, at(next, i))))
  for (const [i, plane] of to.entries()) {
    // What is there first is added first.
    let mixed: Expression<'v128'> = v128.xor(at(next, i), v128.load(roundKey, i * BLOCK_BYTES))
    if (i > 0) mixed = v128.xor(mixed, at(sums, i - 1))
    if (REDUCED_BITS.includes(i)) mixed = v128.xor(mixed, at(sums, LAST))
    f.set(plane, v128.xor(mixed, i8x16.shuffle(SECOND_NEXT_ROW, at(sums, i), at(sums, i))))
  }
}

function at(vectors: readonly Vector[], i: number): Vector {
  const vector = vectors[i]
  if (vector === undefined) throw new RangeError('there are eight planes')
  return vector
}
