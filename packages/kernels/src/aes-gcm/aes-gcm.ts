/**
 * AES-256-GCM, and AES-256 on blocks, as functions.
 *
 * One message at a time: nothing of it, nor of its key, is left in the kernel's memory when a function returns.
 * Messages of any length pass through a buffer of fixed size.
 */

import { instantiate } from '../host.ts'
import { BATCH, BATCH_BYTES, BLOCK_BYTES, COUNTER, DATA, EXPECTED_TAG, KEY, TAG } from './layout.ts'
import { type AesGcmExports, assembleAesGcm } from './program.ts'

const TAG_BYTES: number = BLOCK_BYTES
const NONCE_BYTES = 12

export interface AesGcmKernel {
  /**
   * @spec SP 800-38D §7.1
   *
   * @param key 32 bytes
   * @param nonce 12 bytes
   * @param into takes ciphertext and tag, 16 bytes more than the plaintext; it may overlap the plaintext where both begin
   * at the same byte
   */
  seal(
    key: Uint8Array,
    nonce: Uint8Array,
    additionalData: readonly Uint8Array[],
    plaintext: Uint8Array,
    into: Uint8Array,
  ): void
  /**
   * @spec SP 800-38D §7.2
   *
   * @param sealed ciphertext and tag
   * @param into takes the plaintext, 16 bytes less than what was sealed; likewise
   * @returns whether the tag fits; `into` holds zeros when it does not
   */
  open(
    key: Uint8Array,
    nonce: Uint8Array,
    additionalData: readonly Uint8Array[],
    sealed: Uint8Array,
    into: Uint8Array,
  ): boolean
  /** Encrypts blocks in place, each by itself. @param blocks a multiple of 16 bytes. @spec FIPS 197 */
  encryptBlocks(key: Uint8Array, blocks: Uint8Array): void
}

export async function createAesGcmKernel(): Promise<AesGcmKernel> {
  return new Kernel((await instantiate(assembleAesGcm())) as AesGcmExports)
}

class Kernel implements AesGcmKernel {
  readonly #exports: AesGcmExports
  readonly #memory: Uint8Array

  constructor(exports: AesGcmExports) {
    this.#exports = exports
    this.#memory = new Uint8Array(exports.memory.buffer)
  }

  seal(
    key: Uint8Array,
    nonce: Uint8Array,
    additionalData: readonly Uint8Array[],
    plaintext: Uint8Array,
    into: Uint8Array,
  ): void {
    const length = plaintext.length
    assertLength('into', into, length + TAG_BYTES)
    const kernel = this.#exports
    const memory = this.#memory
    let written = 0
    try {
      written = this.#begin(key, nonce, additionalData)
      const additionalLength = written
      written = Math.max(written, length)
      for (let at = 0; at < length; at += DATA.bytes) {
        const piece = Math.min(DATA.bytes, length - at)
        memory.set(piece === length ? plaintext : plaintext.subarray(at, at + piece), DATA.at)
        kernel.seal(piece)
        into.set(memory.subarray(DATA.at, DATA.at + piece), at)
      }
      kernel.finish(BigInt(additionalLength), BigInt(length))
      into.set(memory.subarray(TAG.at, TAG.at + TAG_BYTES), length)
    } finally {
      this.#zeroize(written)
    }
  }

  open(
    key: Uint8Array,
    nonce: Uint8Array,
    additionalData: readonly Uint8Array[],
    sealed: Uint8Array,
    into: Uint8Array,
  ): boolean {
    const length = into.length
    assertLength('sealed', sealed, length + TAG_BYTES)
    const kernel = this.#exports
    const memory = this.#memory
    let written = 0
    let isAuthentic = false
    try {
      written = this.#begin(key, nonce, additionalData)
      const additionalLength = written
      written = Math.max(written, length)
      memory.set(sealed.subarray(length), EXPECTED_TAG.at)
      for (let at = 0; at < length; at += DATA.bytes) {
        const piece = Math.min(DATA.bytes, length - at)
        memory.set(sealed.subarray(at, at + piece), DATA.at)
        kernel.open(piece)
        into.set(memory.subarray(DATA.at, DATA.at + piece), at)
      }
      kernel.finish(BigInt(additionalLength), BigInt(length))
      isAuthentic = kernel.isExpected() === 1
    } finally {
      if (!isAuthentic) into.fill(0)
      this.#zeroize(written)
    }
    return isAuthentic
  }

  encryptBlocks(key: Uint8Array, blocks: Uint8Array): void {
    assertLength('key', key, KEY.bytes)
    if (blocks.length % BLOCK_BYTES !== 0) throw new RangeError(`blocks must be a multiple of ${BLOCK_BYTES} bytes`)
    const kernel = this.#exports
    const memory = this.#memory
    try {
      memory.set(key, KEY.at)
      kernel.expandKey()
      for (let at = 0; at < blocks.length; at += BATCH_BYTES) {
        const batch = blocks.subarray(at, at + BATCH_BYTES)
        memory.set(batch, BATCH.at)
        kernel.encryptBlocks()
        batch.set(memory.subarray(BATCH.at, BATCH.at + batch.length))
      }
    } finally {
      this.#zeroize(0)
    }
  }

  /** @returns how long the additional data is */
  #begin(key: Uint8Array, nonce: Uint8Array, additionalData: readonly Uint8Array[]): number {
    assertLength('key', key, KEY.bytes)
    assertLength('nonce', nonce, NONCE_BYTES)
    const kernel = this.#exports
    const memory = this.#memory
    memory.set(key, KEY.at)
    memory.set(nonce, COUNTER.at)
    kernel.expandKey()
    kernel.begin()
    return this.#absorb(additionalData)
  }

  /** Hashes parts as if they were one: only the last piece of all may be less than a buffer. */
  #absorb(parts: readonly Uint8Array[]): number {
    let total = 0
    let filled = 0
    for (const part of parts) {
      total += part.length
      for (let at = 0; at < part.length;) {
        const piece = Math.min(DATA.bytes - filled, part.length - at)
        this.#memory.set(piece === part.length ? part : part.subarray(at, at + piece), DATA.at + filled)
        at += piece
        filled += piece
        if (filled === DATA.bytes) {
          this.#exports.absorb(filled)
          filled = 0
        }
      }
    }
    if (filled > 0) this.#exports.absorb(filled)
    return total
  }

  /** @param written how much of `DATA` has been, or more */
  #zeroize(written: number): void {
    this.#exports.zeroize(Math.min(DATA.bytes, written))
  }
}

function assertLength(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new RangeError(`${name} must be ${length} bytes`)
}
