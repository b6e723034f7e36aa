/**
 * AES-256-GCM: the length of its tag, and the length check that stands before every provider.
 *
 * @spec SP 800-38D §5.2, §7
 */

import type { Provider } from '../../provider.ts'

export const GCM_TAG_LENGTH = 16

/** @returns the plaintext, or `undefined` when it does not authenticate, however it came to be wrong */
export function openAesGcm(
  provider: Provider,
  key: Uint8Array,
  nonce: Uint8Array,
  additionalData: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < GCM_TAG_LENGTH) return undefined
  return provider.openAesGcm(key, nonce, additionalData, sealed)
}
