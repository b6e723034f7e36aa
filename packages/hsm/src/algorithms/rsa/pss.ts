/**
 * RSASSA-PSS with a salt as long as the digest and the same hash in MGF1, over a message that is hashed already.
 *
 * @spec RFC 8017 §8.1, §9.1
 */

import { digestLength } from '../../algorithm-name.ts'
import type {
  HashName,
  HashPrimitives,
  RsaPrivateKey,
  RsaPublicKey,
  RsaPublicNumbers,
} from '../../asymmetric-primitives.ts'
import { equalBytes } from '../../bytes.ts'
import { type Entropy, drawBytes } from '../../entropy.ts'
import { applyMgf1 } from './mgf1.ts'

const PADDING = new Uint8Array(8)
const SEPARATOR = 0x01
const TRAILER = 0xbc
/** A modulus has whole bytes here, so the encoded message is one bit shorter than its bytes. */
const HIGHEST_BIT = 0x80

/**
 * @param digest of the message, by `hash`
 * @returns as long as the modulus
 * @throws HsmError `FAULT_DETECTED`
 */
export function signPss(
  hashes: HashPrimitives,
  key: RsaPrivateKey,
  numbers: RsaPublicNumbers,
  hash: HashName,
  digest: Uint8Array,
  entropy: Entropy,
): Uint8Array {
  const block = encodePss(hashes, hash, digest, drawBytes(entropy, digestLength(hash)), numbers.modulus.length)
  // The highest bit is clear, so the block is below the modulus.
  return key.compute(block) ?? new Uint8Array(0)
}

/** @param digest of the message, by `hash` */
export function verifyPss(
  hashes: HashPrimitives,
  key: RsaPublicKey,
  numbers: RsaPublicNumbers,
  hash: HashName,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (signature.length !== numbers.modulus.length) return false
  const block = key.compute(signature)
  return block !== undefined && isPss(hashes, hash, digest, block)
}

/** @returns masked data, hash, bc. @spec RFC 8017 §9.1.1 */
function encodePss(
  hashes: HashPrimitives,
  hash: HashName,
  digest: Uint8Array,
  salt: Uint8Array,
  modulusLength: number,
): Uint8Array {
  if (digest.length !== digestLength(hash)) throw new RangeError('digest must be as long as the hash')
  const block = new Uint8Array(modulusLength)
  const { data, saltedHash } = splitBlock(block, hash)
  data[data.length - salt.length - 1] = SEPARATOR
  data.set(salt, data.length - salt.length)
  saltedHash.set(hashes.digest(hash, PADDING, digest, salt))
  applyMgf1(hashes, hash, saltedHash, data)
  block[0] = (block[0] ?? 0) & ~HIGHEST_BIT
  block[modulusLength - 1] = TRAILER
  return block
}

/** Unmasks in place. Nothing here is secret. @spec RFC 8017 §9.1.2 */
function isPss(hashes: HashPrimitives, hash: HashName, digest: Uint8Array, block: Uint8Array): boolean {
  const highest = block[0] ?? 0
  if (highest >= HIGHEST_BIT || block.at(-1) !== TRAILER || digest.length !== digestLength(hash)) return false
  const { data, saltedHash } = splitBlock(block, hash)
  applyMgf1(hashes, hash, saltedHash, data)
  data[0] = (data[0] ?? 0) & ~HIGHEST_BIT

  const separatorAt = data.length - digestLength(hash) - 1
  if (data[separatorAt] !== SEPARATOR || data.subarray(0, separatorAt).some((byte) => byte !== 0)) return false
  return equalBytes(saltedHash, hashes.digest(hash, PADDING, digest, data.subarray(separatorAt + 1)))
}

function splitBlock(block: Uint8Array, hash: HashName): { readonly data: Uint8Array; readonly saltedHash: Uint8Array } {
  const hashAt = block.length - digestLength(hash) - 1
  return { data: block.subarray(0, hashAt), saltedHash: block.subarray(hashAt, -1) }
}
