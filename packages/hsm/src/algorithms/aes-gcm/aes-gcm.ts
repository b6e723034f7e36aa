/**
 * AES-256-GCM: the length of its tag, where a result goes, and the length check that stands before every provider.
 *
 * @spec SP 800-38D §5.2, §7
 */

import type { GcmPrimitives } from '../../symmetric-primitives.ts'

export const GCM_TAG_LENGTH = 16

/** Writes ciphertext and tag to `into`, without a copy where the provider can. */
export function sealAesGcmInto(
  into: Uint8Array,
  provider: GcmPrimitives,
  key: Uint8Array,
  nonce: Uint8Array,
  additionalData: Uint8Array,
  plaintext: Uint8Array,
): void {
  const sealed = provider.sealAesGcm(key, nonce, additionalData, plaintext, into)
  if (sealed !== into) into.set(sealed)
}

/** @returns the plaintext, or `undefined` when it does not authenticate, however it came to be wrong */
export function openAesGcm(
  provider: GcmPrimitives,
  key: Uint8Array,
  nonce: Uint8Array,
  additionalData: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < GCM_TAG_LENGTH) return undefined
  return provider.openAesGcm(key, nonce, additionalData, sealed)
}
