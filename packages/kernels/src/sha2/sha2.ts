/**
 * SHA-224, SHA-256, SHA-384 and SHA-512, and HMAC over them, as functions.
 *
 * A kernel serves the two hashes of one width. What a running hash or a prepared key carries from one call to the next
 * stands in an array of its own; in the kernel's memory nothing is left when a function returns.
 */

import { instantiate } from '../host.ts'
import { initialWords } from './constants.ts'
import { DATA, DATA_BYTES, DIGEST, OUTER_STATE, STATE, WORDS_IN_STATE, blockBytes, wordBytes } from './layout.ts'
import { type Sha2Exports, assembleSha2 } from './program.ts'
import { DIGEST_BYTES, type Sha2Hash, VARIANTS, WORD_BITS, type WordBits } from './variant.ts'

/** HMAC under one key. */
export interface PreparedMac {
  /** @returns the whole tag. @throws TypeError after `zeroize` */
  compute(message: Uint8Array): Uint8Array
  zeroize(): void
}

/** A digest on its way. Neither method may be called after `digest`. */
export interface RunningDigest {
  /** @param part not kept */
  update(part: Uint8Array): void
  digest(): Uint8Array
}

export interface Sha2Kernel {
  /** @spec FIPS 180-4 §6 */
  digest(hash: Sha2Hash, parts: readonly Uint8Array[]): Uint8Array
  createHash(hash: Sha2Hash): RunningDigest
  /** @param key of any length, not kept. @spec FIPS 198-1 */
  createHmac(hash: Sha2Hash, key: Uint8Array): PreparedMac
}

const INNER_PAD = 0x36
const OUTER_PAD = 0x5c

/** @param wordBits 32 for SHA-224 and SHA-256, 64 for SHA-384 and SHA-512 */
export async function createSha2Kernel(wordBits: WordBits): Promise<Sha2Kernel> {
  return new Kernel((await instantiate(assembleSha2(VARIANTS[wordBits]))) as Sha2Exports, wordBits)
}

class Kernel implements Sha2Kernel {
  readonly #exports: Sha2Exports
  readonly #memory: Uint8Array
  readonly #blockBytes: number
  readonly #stateBytes: number
  readonly #initialStates: ReadonlyMap<Sha2Hash, Uint8Array>

  constructor(exports: Sha2Exports, wordBits: WordBits) {
    this.#exports = exports
    this.#memory = new Uint8Array(exports.memory.buffer)
    this.#blockBytes = blockBytes(VARIANTS[wordBits])
    this.#stateBytes = WORDS_IN_STATE * wordBytes(VARIANTS[wordBits])
    const hashes = (Object.keys(WORD_BITS) as Sha2Hash[]).filter((hash) => WORD_BITS[hash] === wordBits)
    this.#initialStates = new Map(hashes.map((hash) => [hash, encodeWords(initialWords(hash), wordBits)]))
  }

  digest(hash: Sha2Hash, parts: readonly Uint8Array[]): Uint8Array {
    this.#memory.set(this.#initialState(hash), STATE)
    let total = 0
    let filled = 0
    for (const part of parts) {
      total += part.length
      filled = this.#absorb(part, filled)
    }
    this.#exports.finish(filled, BigInt(total))
    return this.#takeDigest(hash, total)
  }

  createHash(hash: Sha2Hash): RunningDigest {
    const state = this.#initialState(hash).slice()
    const pending = new Uint8Array(this.#blockBytes)
    let pendingLength = 0
    let total = 0
    let isFinished = false
    const resume = (part: Uint8Array): number => {
      if (isFinished) throw new TypeError('The digest was given.')
      this.#memory.set(state, STATE)
      this.#memory.set(pending, DATA)
      total += part.length
      return this.#absorb(part, pendingLength)
    }
    return {
      update: (part) => {
        const filled = resume(part)
        const blocks = Math.floor(filled / this.#blockBytes)
        this.#exports.compress(blocks)
        pendingLength = filled - blocks * this.#blockBytes
        state.set(this.#memory.subarray(STATE, STATE + state.length))
        pending.set(this.#memory.subarray(DATA + filled - pendingLength, DATA + filled))
        this.#exports.zeroize(Math.min(part.length + this.#blockBytes, DATA_BYTES))
      },
      digest: () => {
        const filled = resume(new Uint8Array(0))
        this.#exports.finish(filled, BigInt(total))
        isFinished = true
        state.fill(0)
        pending.fill(0)
        return this.#takeDigest(hash, filled)
      },
    }
  }

  createHmac(hash: Sha2Hash, key: Uint8Array): PreparedMac {
    const states = new Uint8Array(OUTER_STATE - STATE + this.#stateBytes)
    const shortKey = key.length > this.#blockBytes ? this.digest(hash, [key]) : key
    states.set(this.#hashPad(hash, shortKey, INNER_PAD))
    states.set(this.#hashPad(hash, shortKey, OUTER_PAD), OUTER_STATE - STATE)
    if (shortKey !== key) shortKey.fill(0)
    let isZeroized = false
    return {
      compute: (message) => {
        if (isZeroized) throw new TypeError('The key was zeroized.')
        this.#memory.set(states, STATE)
        const filled = this.#absorb(message, 0)
        this.#exports.finishMac(filled, BigInt(this.#blockBytes + message.length), DIGEST_BYTES[hash])
        return this.#takeDigest(hash, message.length)
      },
      zeroize: () => {
        isZeroized = true
        states.fill(0)
      },
    }
  }

  /** The state after the block that a padded key makes. */
  #hashPad(hash: Sha2Hash, key: Uint8Array, pad: number): Uint8Array {
    this.#memory.set(this.#initialState(hash), STATE)
    this.#memory.fill(pad, DATA, DATA + this.#blockBytes)
    for (let i = 0; i < key.length; i++) this.#memory[DATA + i] = pad ^ (key[i] ?? 0)
    this.#exports.compress(1)
    const state = this.#memory.slice(STATE, STATE + this.#stateBytes)
    this.#exports.zeroize(this.#blockBytes)
    return state
  }

  /**
   * Takes a part in behind what is in `DATA` already, and hashes whenever that is full.
   *
   * @returns how much of `DATA` is filled
   */
  #absorb(part: Uint8Array, alreadyFilled: number): number {
    let filled = alreadyFilled
    for (let at = 0; at < part.length;) {
      const piece = Math.min(DATA_BYTES - filled, part.length - at)
      this.#memory.set(piece === part.length ? part : part.subarray(at, at + piece), DATA + filled)
      at += piece
      filled += piece
      if (filled === DATA_BYTES) {
        this.#exports.compress(DATA_BYTES / this.#blockBytes)
        filled = 0
      }
    }
    return filled
  }

  /** @param length how much of `DATA` has been written, or more */
  #takeDigest(hash: Sha2Hash, length: number): Uint8Array {
    const digest = this.#memory.slice(DIGEST, DIGEST + DIGEST_BYTES[hash])
    this.#exports.zeroize(Math.min(length, DATA_BYTES))
    return digest
  }

  #initialState(hash: Sha2Hash): Uint8Array {
    const state = this.#initialStates.get(hash)
    if (state === undefined) throw new RangeError(`${hash} has words of another width`)
    return state
  }
}

/** As WebAssembly has them in memory: the least significant byte first. */
function encodeWords(words: readonly bigint[], wordBits: WordBits): Uint8Array {
  const size = wordBits / 8
  return Uint8Array.from({ length: words.length * size }, (_, i) => {
    const word = words[Math.floor(i / size)] ?? 0n
    return Number((word >> BigInt(8 * (i % size))) & 0xffn)
  })
}
