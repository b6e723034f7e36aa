/**
 * The symmetric primitives that the boundary asks of a provider: AES-GCM, HMAC for every hash, key wrapping, and the
 * bare block cipher that the random generator is made of. Synchronous on `Uint8Array`.
 *
 * A provider may assume that lengths are right: the algorithms above it check them.
 */

import type { HashName } from './asymmetric-primitives.ts'

/** SHA-1 serves OAEP alone, so there is no HMAC over it. */
export type MacHash = Exclude<HashName, 'SHA-1'>

export interface GcmPrimitives {
  /**
   * AES-256-GCM. @spec SP 800-38D §7.1
   *
   * @param key 32 bytes
   * @param nonce 12 bytes
   * @param into where the caller would have the result, 16 bytes longer than the plaintext; a provider may write it there
   * @returns ciphertext followed by the 16-byte tag: `into`, or an array of their own
   */
  sealAesGcm(
    key: Uint8Array,
    nonce: Uint8Array,
    additionalData: Uint8Array,
    plaintext: Uint8Array,
    into?: Uint8Array,
  ): Uint8Array

  /**
   * The inverse of `sealAesGcm`. @spec SP 800-38D §7.2
   *
   * @param sealed ciphertext followed by the 16-byte tag
   * @returns the plaintext, or `undefined` when the tag does not fit; no unauthenticated byte is ever returned
   */
  openAesGcm(key: Uint8Array, nonce: Uint8Array, additionalData: Uint8Array, sealed: Uint8Array): Uint8Array | undefined
}

export interface MacKey {
  /** @returns the tag of `message`, as long as the hash's digest */
  compute(message: Uint8Array): Uint8Array
  /** Overwrites what was prepared. `compute` must not be called afterwards. */
  zeroize(): void
}

export interface MacPrimitives {
  /** HMAC under one key, prepared for many messages. The key is not kept. @spec FIPS 198-1 */
  createHmac(hash: MacHash, key: Uint8Array): MacKey
}

export interface KeyWrapPrimitives {
  /**
   * AES-256 key wrap with padding. @spec RFC 5649 §4.1, SP 800-38F §6.3
   *
   * @param key 32 bytes
   * @param material at least 1 byte
   */
  wrapAesKwp(key: Uint8Array, material: Uint8Array): Uint8Array
  /**
   * The inverse of `wrapAesKwp`. @spec RFC 5649 §4.2
   *
   * @returns the material, which the caller zeroizes, or `undefined` when the integrity check fails, however it fails
   */
  unwrapAesKwp(key: Uint8Array, wrapped: Uint8Array): Uint8Array | undefined
}

export interface BlockPrimitives {
  /**
   * Encrypts blocks in place, each by itself. @spec FIPS 197
   *
   * @param key 32 bytes, not kept
   * @param blocks a multiple of 16 bytes, anywhere in their buffer
   */
  encryptAes256(key: Uint8Array, blocks: Uint8Array): void
}
