/**
 * The primitives that the boundary asks for, synchronous on `Uint8Array`.
 *
 * A provider holds no keys and keeps no state between calls but what a `MacKey` carries. It may assume that lengths
 * are right: the algorithms above it check them.
 */

export interface Provider {
  readonly name: string

  /**
   * AES-256-GCM. @spec SP 800-38D §7.1
   *
   * @param key 32 bytes
   * @param nonce 12 bytes
   * @returns ciphertext followed by the 16-byte tag
   */
  sealAesGcm(key: Uint8Array, nonce: Uint8Array, additionalData: Uint8Array, plaintext: Uint8Array): Uint8Array

  /**
   * The inverse of `sealAesGcm`. @spec SP 800-38D §7.2
   *
   * @param sealed ciphertext followed by the 16-byte tag
   * @returns the plaintext, or `undefined` when the tag does not fit; no unauthenticated byte is ever returned
   */
  openAesGcm(key: Uint8Array, nonce: Uint8Array, additionalData: Uint8Array, sealed: Uint8Array): Uint8Array | undefined

  /** HMAC-SHA-256 under one key, prepared for many messages. The key is not kept. @spec FIPS 198-1 */
  createHmacSha256(key: Uint8Array): MacKey
}

export interface MacKey {
  /** @returns the 32-byte tag of `message` */
  compute(message: Uint8Array): Uint8Array
  /** Overwrites what was prepared. `compute` must not be called afterwards. */
  zeroize(): void
}
