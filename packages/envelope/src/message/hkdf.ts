/**
 * HKDF with SHA-512, over a provider's HMAC: one block of output is all that messages need.
 *
 * @spec RFC 5869 §2
 */

import type { MacPrimitives } from '@softkms/hsm'

const HASH = 'SHA-512'
const BLOCK_LENGTH = 64

/** @returns the pseudorandom key, 64 bytes, the caller's to zeroize. @spec RFC 5869 §2.2 */
export function extractHkdf(provider: MacPrimitives, salt: Uint8Array, inputKey: Uint8Array): Uint8Array {
  return computeHmac(provider, salt, inputKey)
}

/** @param length 1 to 64 bytes; @returns the output, the caller's to zeroize. @spec RFC 5869 §2.3 */
export function expandHkdf(
  provider: MacPrimitives,
  pseudorandomKey: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  if (!Number.isInteger(length) || length < 1 || length > BLOCK_LENGTH) {
    throw new RangeError(`length must be 1 to ${BLOCK_LENGTH}`)
  }
  const input = new Uint8Array(info.length + 1)
  input.set(info)
  input[info.length] = 1
  const block = computeHmac(provider, pseudorandomKey, input)
  const output = block.slice(0, length)
  block.fill(0)
  return output
}

function computeHmac(provider: MacPrimitives, key: Uint8Array, message: Uint8Array): Uint8Array {
  const mac = provider.createHmac(HASH, key)
  try {
    return mac.compute(message)
  } finally {
    mac.zeroize()
  }
}
