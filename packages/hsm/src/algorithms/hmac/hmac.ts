/**
 * HMAC: sizes, and the check of a tag.
 *
 * Keys are as long as the hash's output, and tags are whole: AWS KMS truncates none and accepts none truncated.
 *
 * @spec FIPS 198-1, KMS crypto-details §7
 */

import { equalBytes } from '../../bytes.ts'
import type { MacKey } from '../../symmetric-primitives.ts'
import type { MacHash, MacPrimitives } from '../../symmetric-primitives.ts'

/** Bytes of a key, and of a tag. */
export const HMAC_LENGTHS: Readonly<Record<MacHash, number>> = {
  'SHA-224': 28,
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
}

/** @throws RangeError for a key of any length but the hash's */
export function createHmacKey(provider: MacPrimitives, hash: MacHash, key: Uint8Array): MacKey {
  const length = HMAC_LENGTHS[hash]
  if (key.length !== length) throw new RangeError(`key must be ${length} bytes`)
  return provider.createHmac(hash, key)
}

/** Compares in a time that does not depend on where the tags differ. */
export function verifyHmac(key: MacKey, message: Uint8Array, tag: Uint8Array): boolean {
  return equalBytes(key.compute(message), tag)
}
