/**
 * The compression function of SHA-256 and SHA-512, which differ in their words alone.
 *
 * @spec FIPS 180-4 §6.2.2, §6.4.2
 */

import type { Callable, Expression, FunctionBuilder, Local, ModuleBuilder, Operand, Statement } from '../assembler.ts'
import { i32, i64, i8x16, v128 } from '../assembler.ts'
import { ROUND_CONSTANTS, SCHEDULE, STATE, WORDS_IN_BLOCK, WORDS_IN_STATE, blockBytes, wordBytes } from './layout.ts'
import type { Variant } from './variant.ts'

type Word = 'i32' | 'i64'
type Value = Expression<Word>
type Variable = Local<Word>

/** The instructions of one width. */
interface Instructions {
  readonly type: Word
  readonly add: (...values: readonly Value[]) => Value
  readonly xor: (...values: readonly Value[]) => Value
  readonly and: (left: Value, right: Value) => Value
  readonly rotate: (value: Value, distance: number) => Value
  readonly shift: (value: Value, distance: number) => Value
  readonly load: (address: Operand<'i32'>, offset: number) => Value
  readonly store: (address: Operand<'i32'>, offset: number, value: Value) => Statement
}

const VECTOR_BYTES = 16

/** Hashes whole blocks into the state: from where on, and how many. */
export function defineCompress(module: ModuleBuilder, variant: Variant): Callable<['i32', 'i32'], Statement> {
  const words = instructionsOf(variant)
  const size = wordBytes(variant)
  return module.procedure(['i32', 'i32'], (f, address, count) => {
    const at = f.let(address)
    const end = f.let(i32.add(address, i32.mul(count, blockBytes(variant))))
    const constants = f.local('i32')
    const state = Array.from({ length: WORDS_IN_STATE }, () => f.local(words.type))
    f.while(i32.ltU(at, end), () => {
      for (const [i, word] of state.entries()) f.set(word, words.load(STATE, i * size))
      loadBlock(f, at, variant)
      f.set(constants, ROUND_CONSTANTS)
      f.loop((start) => {
        for (let t = 0; t < WORDS_IN_BLOCK; t++) {
          const constant = words.load(constants, t * size)
          round(f, words, variant, rotated(state, t), words.add(words.load(SCHEDULE, t * size), constant))
        }
        f.set(constants, i32.add(constants, WORDS_IN_BLOCK * size))
        f.if(i32.ltU(constants, ROUND_CONSTANTS + variant.rounds * size), () => {
          for (let t = 0; t < WORDS_IN_BLOCK; t++) extend(f, words, variant, t)
          f.branch(start)
        })
      })
      for (const [i, word] of state.entries()) {
        f.emit(words.store(STATE, i * size, words.add(words.load(STATE, i * size), word)))
      }
      f.set(at, i32.add(at, blockBytes(variant)))
    })
  })
}

/** Words are big-endian in a block. */
function loadBlock(f: FunctionBuilder, address: Local<'i32'>, variant: Variant): void {
  for (let offset = 0; offset < blockBytes(variant); offset += VECTOR_BYTES) {
    f.emit(v128.store(SCHEDULE, offset, reverseWords(f, v128.load(address, offset), variant)))
  }
}

/** Turns the bytes of each word of a vector around. */
export function reverseWords(f: FunctionBuilder, vector: Expression<'v128'>, variant: Variant): Expression<'v128'> {
  const value = f.let(vector)
  const size = wordBytes(variant)
  const lanes = Array.from({ length: VECTOR_BYTES }, (_, i) => i - (i % size) + (size - 1 - (i % size)))
  return i8x16.shuffle(lanes, value, value)
}

/** Renames the variables instead of moving what is in them. */
function rotated(state: readonly Variable[], t: number): Variable[] {
  const by = t % WORDS_IN_STATE
  return [...state.slice(WORDS_IN_STATE - by), ...state.slice(0, WORDS_IN_STATE - by)]
}

function round(
  f: FunctionBuilder,
  words: Instructions,
  { sums: [sum0, sum1] }: Variant,
  state: readonly Variable[],
  input: Value,
): void {
  const [a, b, c, d, e, g, h, k] = state as [
    Variable,
    Variable,
    Variable,
    Variable,
    Variable,
    Variable,
    Variable,
    Variable,
  ]
  const rotations = (value: Value, [x, y, z]: readonly [number, number, number]): Value =>
    words.xor(words.rotate(value, x), words.rotate(value, y), words.rotate(value, z))
  const choice = words.xor(h, words.and(e, words.xor(g, h)))
  f.set(k, words.add(k, input, choice, rotations(e, sum1)))
  f.set(d, words.add(d, k))
  const majority = words.xor(b, words.and(words.xor(a, b), words.xor(b, c)))
  f.set(k, words.add(k, rotations(a, sum0), majority))
}

function extend(
  f: FunctionBuilder,
  words: Instructions,
  { schedule: [small0, small1], wordBits }: Variant,
  t: number,
): void {
  const at = (distance: number): number => ((t + distance) % WORDS_IN_BLOCK) * (wordBits / 8)
  const mix = (value: Value, [x, y, z]: readonly [number, number, number]): Value => {
    const word = f.let(value)
    return words.xor(words.rotate(word, x), words.rotate(word, y), words.shift(word, z))
  }
  const second = mix(words.load(SCHEDULE, at(14)), small1)
  const first = mix(words.load(SCHEDULE, at(1)), small0)
  f.emit(
    words.store(
      SCHEDULE,
      at(0),
      words.add(words.load(SCHEDULE, at(0)), words.load(SCHEDULE, at(9)), words.add(first, second)),
    ),
  )
}

function instructionsOf({ wordBits }: Variant): Instructions {
  const set = (wordBits === 32 ? i32 : i64) as unknown as InstructionSet
  const constant = (value: number): Value => (wordBits === 32 ? i32.const(value) : i64.const(BigInt(value)))
  return {
    type: wordBits === 32 ? 'i32' : 'i64',
    add: (...values) => values.reduce((sum, value) => set.add(sum, value)),
    xor: (...values) => values.reduce((sum, value) => set.xor(sum, value)),
    and: (left, right) => set.and(left, right),
    rotate: (value, distance) => set.rotr(value, constant(distance)),
    shift: (value, distance) => set.shrU(value, constant(distance)),
    load: (address, offset) => set.load(address, offset),
    store: (address, offset, value) => set.store(address, offset, value),
  }
}

/** What both widths have; a program is of one width, so all that meets in an instruction is. */
interface InstructionSet {
  add(left: Value, right: Value): Value
  xor(left: Value, right: Value): Value
  and(left: Value, right: Value): Value
  rotr(left: Value, right: Value): Value
  shrU(left: Value, right: Value): Value
  load(address: Operand<'i32'>, offset: number): Value
  store(address: Operand<'i32'>, offset: number, value: Value): Statement
}
