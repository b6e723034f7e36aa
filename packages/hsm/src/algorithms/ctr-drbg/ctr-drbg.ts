/**
 * CTR_DRBG with AES-256 and no derivation function: what stands behind the `Entropy` port.
 *
 * Its seeds are 384 bits of full entropy from a source, by default the runtime's own generator. The state is the
 * block cipher's key and V, and it is replaced after every request, so that what it was cannot be computed
 * from what it is.
 *
 * @spec SP 800-90A rev. 1 §10.2.1, table 3
 */

import { type Entropy, systemEntropy } from '../../entropy.ts'
import { HsmError } from '../../errors.ts'
import type { BlockPrimitives } from '../../symmetric-primitives.ts'

const KEY_LENGTH = 32
const BLOCK_LENGTH = 16
const SEED_LENGTH = KEY_LENGTH + BLOCK_LENGTH

/** Room for the blocks of a small request and of the state that follows it. */
const WORK_LENGTH = 8 * BLOCK_LENGTH

/** Table 3 allows 2^19 bits. */
const MAX_REQUEST_LENGTH = 65_536
/** Table 3 allows 2^48. A fresh seed costs about as much as a request, so it may come often. */
export const RESEED_INTERVAL = 65_536

export interface CtrDrbgOptions {
  /** Where seeds come from; it must give full entropy. Default: `systemEntropy`. */
  readonly source?: Entropy
  /** Sets this instance apart from others, at most 48 bytes. */
  readonly personalization?: Uint8Array
  /** Whether every request draws a fresh seed first, as AWS documents of its generator. Default: false. */
  readonly isPredictionResistant?: boolean
}

export interface CtrDrbg extends Entropy {
  /**
   * Overwrites every byte of `bytes`. Requests of more than 64 KiB are split.
   *
   * @param additionalInput at most 48 bytes, mixed into the state
   * @throws HsmError `ZEROIZED` after `zeroize`
   */
  fill(bytes: Uint8Array, additionalInput?: Uint8Array): void
  /** Mixes a fresh seed in. @param additionalInput at most 48 bytes */
  reseed(additionalInput?: Uint8Array): void
  /** Overwrites the state; the generator serves nothing afterwards. */
  zeroize(): void
}

/** @throws RangeError for a personalization of more than 48 bytes */
export function createCtrDrbg(primitives: BlockPrimitives, options: CtrDrbgOptions = {}): CtrDrbg {
  const { source = systemEntropy, personalization, isPredictionResistant = false } = options
  const key = new Uint8Array(KEY_LENGTH)
  const v = new Uint8Array(BLOCK_LENGTH)
  const seed = new Uint8Array(SEED_LENGTH)
  const work = new Uint8Array(WORK_LENGTH)
  let requests = 0
  let isZeroized = false

  /** Overwrites whole blocks with AES(++V), one after the other. */
  const step = (blocks: Uint8Array): void => {
    for (let at = 0; at < blocks.length; at += BLOCK_LENGTH) {
      increment(v)
      blocks.set(v, at)
    }
    primitives.encryptAes256(key, blocks)
  }

  /** The end of CTR_DRBG_Update. @param next seed material, which is overwritten. @spec §10.2.1.2 */
  const replaceState = (next: Uint8Array, provided: Uint8Array | undefined): void => {
    if (provided !== undefined) mix(next, provided)
    key.set(next.subarray(0, KEY_LENGTH))
    v.set(next.subarray(KEY_LENGTH))
    next.fill(0)
  }

  const update = (provided: Uint8Array): void => {
    const next = work.subarray(0, SEED_LENGTH)
    step(next)
    replaceState(next, provided)
  }

  /** Instantiate and reseed differ only in the state that they start from. @spec §10.2.1.3.1, §10.2.1.4.1 */
  const seedWith = (input: Uint8Array | undefined): void => {
    source.fill(seed)
    if (input !== undefined) mix(seed, input)
    update(seed)
    seed.fill(0)
    requests = 0
  }

  /** @spec §10.2.1.5.1 */
  const generate = (bytes: Uint8Array, additionalInput: Uint8Array | undefined): void => {
    let input = additionalInput
    if (isPredictionResistant || requests >= RESEED_INTERVAL) {
      seedWith(input)
      input = undefined
    }
    if (input !== undefined) update(input)
    // What is given out and what the next state is made of are encrypted in one go, under the same key.
    const outputLength = Math.ceil(bytes.length / BLOCK_LENGTH) * BLOCK_LENGTH
    const wholeLength = outputLength + SEED_LENGTH
    const whole = wholeLength <= WORK_LENGTH ? work.subarray(0, wholeLength) : new Uint8Array(wholeLength)
    step(whole)
    bytes.set(whole.subarray(0, bytes.length))
    replaceState(whole.subarray(outputLength), input)
    whole.fill(0)
    requests++
  }

  const assertUsable = (name: string, input: Uint8Array | undefined): void => {
    if (isZeroized) throw new HsmError('ZEROIZED')
    if (input !== undefined && input.length > SEED_LENGTH) throw new RangeError(`${name} must be at most 48 bytes`)
  }

  assertUsable('personalization', personalization)
  seedWith(personalization)

  return {
    fill(bytes, additionalInput) {
      assertUsable('additionalInput', additionalInput)
      if (bytes.length <= MAX_REQUEST_LENGTH) {
        generate(bytes, additionalInput)
        return
      }
      for (let at = 0; at < bytes.length; at += MAX_REQUEST_LENGTH) {
        generate(bytes.subarray(at, at + MAX_REQUEST_LENGTH), additionalInput)
      }
    },
    reseed(additionalInput) {
      assertUsable('additionalInput', additionalInput)
      seedWith(additionalInput)
    },
    zeroize() {
      isZeroized = true
      for (const bytes of [key, v, seed, work]) bytes.fill(0)
    },
  }
}

/** Adds one to a big-endian number. */
function increment(number: Uint8Array): void {
  for (let i = number.length - 1; i >= 0; i--) {
    const byte = ((number[i] ?? 0) + 1) & 0xff
    number[i] = byte
    if (byte !== 0) return
  }
}

/** Exclusive or; the input counts as padded with zeros. */
function mix(bytes: Uint8Array, input: Uint8Array): void {
  for (let i = 0; i < input.length; i++) bytes[i] = (bytes[i] ?? 0) ^ (input[i] ?? 0)
}
