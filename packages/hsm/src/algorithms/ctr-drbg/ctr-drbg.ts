/**
 * CTR_DRBG with AES-256 and no derivation function: what stands behind the `Entropy` port.
 *
 * Its seeds are 384 bits of full entropy from a source, by default the runtime's own generator. The state is the
 * block cipher's key schedule and V, and it is replaced after every request, so that what it was cannot be computed
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
  const v = new Uint8Array(BLOCK_LENGTH)
  const block = new Uint8Array(BLOCK_LENGTH)
  const seed = new Uint8Array(SEED_LENGTH)
  const next = new Uint8Array(SEED_LENGTH)
  const cipher = primitives.createAes256(next.subarray(0, KEY_LENGTH))
  let requests = 0
  let isZeroized = false

  /** `block` = AES(++V) */
  const step = (): void => {
    for (let i = BLOCK_LENGTH - 1; i >= 0; i--) {
      const byte = ((v[i] ?? 0) + 1) & 0xff
      v[i] = byte
      if (byte !== 0) break
    }
    block.set(v)
    cipher.encrypt(block)
  }

  /** CTR_DRBG_Update. @spec §10.2.1.2 */
  const update = (provided: Uint8Array | undefined): void => {
    for (let at = 0; at < SEED_LENGTH; at += BLOCK_LENGTH) {
      step()
      next.set(block, at)
    }
    if (provided !== undefined) mix(next, provided)
    cipher.rekey(next.subarray(0, KEY_LENGTH))
    v.set(next.subarray(KEY_LENGTH))
    next.fill(0)
    block.fill(0)
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
    for (let at = 0; at < bytes.length; at += BLOCK_LENGTH) {
      step()
      bytes.set(bytes.length - at < BLOCK_LENGTH ? block.subarray(0, bytes.length - at) : block, at)
    }
    update(input)
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
      cipher.zeroize()
      for (const bytes of [v, block, seed, next]) bytes.fill(0)
    },
  }
}

/** Exclusive or; the input counts as padded with zeros. */
function mix(bytes: Uint8Array, input: Uint8Array): void {
  for (let i = 0; i < input.length; i++) bytes[i] = (bytes[i] ?? 0) ^ (input[i] ?? 0)
}
