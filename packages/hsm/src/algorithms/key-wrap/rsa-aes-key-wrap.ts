/**
 * The layout of RSA_AES_KEY_WRAP: an AES-256 key under RSAES-OAEP, then the material under that key by AES-KWP.
 *
 * Where the one part ends follows from the modulus alone. This file only cuts and joins.
 *
 * @spec PKCS #11 3.1 §6.1.24 (CKM_RSA_AES_KEY_WRAP), KMS crypto-details §8
 */

import { concatBytes } from '../../bytes.ts'

export interface RsaAesKeyWrap {
  /** The AES key under RSAES-OAEP, as long as the modulus. */
  readonly wrappedKey: Uint8Array
  /** The material under AES-KWP. */
  readonly wrappedMaterial: Uint8Array
}

const SEMIBLOCK_LENGTH = 8

export function encodeRsaAesKeyWrap({ wrappedKey, wrappedMaterial }: RsaAesKeyWrap): Uint8Array {
  return concatBytes(wrappedKey, wrappedMaterial)
}

/**
 * @param modulusLength of the wrapping key, in bytes
 * @returns windows on `bytes`, or `undefined` when what follows the first part cannot be AES-KWP
 */
export function decodeRsaAesKeyWrap(bytes: Uint8Array, modulusLength: number): RsaAesKeyWrap | undefined {
  const wrappedMaterial = bytes.subarray(modulusLength)
  if (wrappedMaterial.length < 2 * SEMIBLOCK_LENGTH || wrappedMaterial.length % SEMIBLOCK_LENGTH !== 0) return undefined
  return { wrappedKey: bytes.subarray(0, modulusLength), wrappedMaterial }
}
