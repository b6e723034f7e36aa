/**
 * SubjectPublicKeyInfo: the form in which a public key leaves, and in which a peer's comes.
 *
 * Reads and writes structure only. Whether a point lies on its curve, and whether a modulus has a size that is
 * served, is for the algorithm to say.
 *
 * @spec RFC 5280 §4.1.2.7, RFC 8017 §A.1.1, RFC 5480 §2.2, RFC 8410 §4, RFC 9881 §4, RFC 9935 §4
 */

import { isUncompressed } from '../algorithms/elliptic-curve.ts'
import type { RsaPublicNumbers } from '../asymmetric-primitives.ts'
import { type DerReader, decodeDer } from './der-reader.ts'
import { TAG } from './der-tag.ts'
import { type DerValue, derBitString, derPositive, derSequence, encodeDer } from './der-writer.ts'
import {
  type KeyAlgorithm,
  type SeedAlgorithm,
  derKeyAlgorithm,
  keyLengthsOf,
  readKeyAlgorithm,
} from './key-algorithm.ts'

export type PublicKeyInfo =
  | { readonly family: 'rsa'; readonly numbers: RsaPublicNumbers }
  /** `point` is uncompressed. */
  | (Extract<KeyAlgorithm, { readonly family: 'ec' }> & { readonly point: Uint8Array })
  | (SeedAlgorithm & { readonly publicKey: Uint8Array })

/** @returns the encoding, which is fresh */
export function encodeSpki(key: PublicKeyInfo): Uint8Array {
  return encodeDer(derSequence(derKeyAlgorithm(key), derPublicKey(key)))
}

/** @returns views of `bytes`, or `undefined` for anything but the DER of a key of these families */
export function decodeSpki(bytes: Uint8Array): PublicKeyInfo | undefined {
  return decodeDer(bytes, (reader) =>
    reader.readInside(TAG.sequence, (info) => readPublicKey(info, readKeyAlgorithm(info))),
  )
}

function derPublicKey(key: PublicKeyInfo): DerValue {
  switch (key.family) {
    case 'rsa':
      return derBitString(derSequence(derPositive(key.numbers.modulus), derPositive(key.numbers.publicExponent)))
    case 'ec':
      return derBitString(key.point)
    case 'edwards':
    case 'ml-dsa':
    case 'ml-kem':
      return derBitString(key.publicKey)
  }
}

function readPublicKey(info: DerReader, algorithm: KeyAlgorithm): PublicKeyInfo {
  switch (algorithm.family) {
    case 'rsa':
      return { family: 'rsa', numbers: info.readInsideBitString(readRsaPublicKey) }
    case 'ec': {
      const point = info.readBitString()
      return isUncompressed(algorithm.curve, point) ? { ...algorithm, point } : info.refuse()
    }
    case 'edwards':
    case 'ml-dsa':
    case 'ml-kem': {
      const publicKey = info.readBitString()
      return publicKey.length === keyLengthsOf(algorithm).publicKeyLength ? { ...algorithm, publicKey } : info.refuse()
    }
  }
}

function readRsaPublicKey(bits: DerReader): RsaPublicNumbers {
  return bits.readInside(TAG.sequence, (key) => ({ modulus: key.readPositive(), publicExponent: key.readPositive() }))
}
