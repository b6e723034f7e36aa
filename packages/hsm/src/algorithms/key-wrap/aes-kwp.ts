/**
 * AES-256 key wrap with padding: the length checks before every provider.
 *
 * @spec RFC 5649, SP 800-38F §6.3
 */

import type { KeyWrapPrimitives } from '../../symmetric-primitives.ts'

export const KWP_KEY_LENGTH = 32
const SEMIBLOCK_LENGTH = 8
/** The integrity check value and one semiblock. */
const SHORTEST_WRAPPED = 2 * SEMIBLOCK_LENGTH

/** Bytes that `length` bytes of material take when wrapped. */
export function kwpWrappedLength(length: number): number {
  return SEMIBLOCK_LENGTH + Math.ceil(length / SEMIBLOCK_LENGTH) * SEMIBLOCK_LENGTH
}

/** @throws RangeError for a key that is not 32 bytes, or no material */
export function wrapAesKwp(provider: KeyWrapPrimitives, key: Uint8Array, material: Uint8Array): Uint8Array {
  assertKeyLength(key)
  if (material.length === 0) throw new RangeError('material must not be empty')
  return provider.wrapAesKwp(key, material)
}

/**
 * @returns the material, which the caller zeroizes, or `undefined` when it does not unwrap, however it came to be wrong
 * @throws RangeError for a key that is not 32 bytes
 */
export function unwrapAesKwp(
  provider: KeyWrapPrimitives,
  key: Uint8Array,
  wrapped: Uint8Array,
): Uint8Array | undefined {
  assertKeyLength(key)
  if (wrapped.length < SHORTEST_WRAPPED || wrapped.length % SEMIBLOCK_LENGTH !== 0) return undefined
  return provider.unwrapAesKwp(key, wrapped)
}

function assertKeyLength(key: Uint8Array): void {
  if (key.length !== KWP_KEY_LENGTH) throw new RangeError('key must be 32 bytes')
}
