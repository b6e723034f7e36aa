/**
 * RSASSA-PKCS1-v1_5 over a message that is hashed already.
 *
 * Verification encodes what must be there and compares: nothing is parsed, so nothing can be parsed leniently
 * (Bleichenbacher 2006). A signature whose DigestInfo leaves out the NULL is refused.
 *
 * @spec RFC 8017 §8.2, §9.2
 */

import { digestLength } from '../../algorithm-name.ts'
import type { HashName, RsaPrivateKey, RsaPublicKey, RsaPublicNumbers } from '../../asymmetric-primitives.ts'
import { equalBytes, parseHex } from '../../bytes.ts'

/** The DER of DigestInfo up to the digest. @spec RFC 8017 §9.2 note 1 */
const DIGEST_INFO: Readonly<Partial<Record<HashName, Uint8Array>>> = {
  'SHA-256': parseHex('3031300d060960864801650304020105000420'),
  'SHA-384': parseHex('3041300d060960864801650304020205000430'),
  'SHA-512': parseHex('3051300d060960864801650304020305000440'),
}

/**
 * @param digest of the message, by `hash`
 * @returns as long as the modulus
 * @throws HsmError `FAULT_DETECTED`
 */
export function signPkcs1(
  key: RsaPrivateKey,
  numbers: RsaPublicNumbers,
  hash: HashName,
  digest: Uint8Array,
): Uint8Array {
  // The block begins with a zero byte and so is below the modulus.
  return key.compute(encodePkcs1(hash, digest, numbers.modulus.length)) ?? new Uint8Array(0)
}

/** @param digest of the message, by `hash` */
export function verifyPkcs1(
  key: RsaPublicKey,
  numbers: RsaPublicNumbers,
  hash: HashName,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (signature.length !== numbers.modulus.length) return false
  const block = key.compute(signature)
  return block !== undefined && equalBytes(block, encodePkcs1(hash, digest, numbers.modulus.length))
}

/** @returns 00 01 ff ... ff 00 and DigestInfo. @spec RFC 8017 §9.2 */
function encodePkcs1(hash: HashName, digest: Uint8Array, modulusLength: number): Uint8Array {
  const prefix = DIGEST_INFO[hash]
  if (prefix === undefined) throw new RangeError('hash must be SHA-256, SHA-384 or SHA-512')
  if (digest.length !== digestLength(hash)) throw new RangeError('digest must be as long as the hash')
  const block = new Uint8Array(modulusLength)
  const digestAt = modulusLength - digest.length
  const prefixAt = digestAt - prefix.length
  block[1] = 0x01
  block.fill(0xff, 2, prefixAt - 1)
  block.set(prefix, prefixAt)
  block.set(digest, digestAt)
  return block
}
