/**
 * PrivateKeyInfo, unencrypted: the form in which private keys are imported, and in which data key pairs leave.
 *
 * Version 1 without attributes, which is what OpenSSL, Java and AWS write. Lattice keys are their seeds; the expanded
 * form is refused, since a seed cannot be had from it. Structure only: that RSA numbers fit each other, and a point
 * its scalar, is checked by the algorithm.
 *
 * @spec RFC 5958 §2, RFC 8017 §A.1.2, RFC 5915 §3, RFC 8410 §7, RFC 9881 §6, RFC 9935 §6
 */

import type { RsaPrivateNumbers } from '../asymmetric-primitives.ts'
import { type DerReader, decodeDer } from './der-reader.ts'
import { TAG } from './der-tag.ts'
import { type DerValue, derPositive, derSequence, derValue, derVersion, encodeDer } from './der-writer.ts'
import { derEcPrivateKey, readEcPrivateKey, type EcPrivateKeyInfo } from './ec-private-key.ts'
import {
  type KeyAlgorithm,
  type SeedAlgorithm,
  derKeyAlgorithm,
  keyLengthsOf,
  readKeyAlgorithm,
} from './key-algorithm.ts'

export type PrivateKeyInfo =
  | { readonly family: 'rsa'; readonly numbers: RsaPrivateNumbers }
  | EcPrivateKeyInfo
  /** 32 bytes for Ed25519 and ML-DSA (ξ), 64 for ML-KEM (d and z). */
  | (SeedAlgorithm & { readonly seed: Uint8Array })

const VERSION_1 = 0
/** Of RSAPrivateKey: two primes. */
const TWO_PRIMES = 0

/** @returns the encoding, in a buffer that the caller zeroizes */
export function encodePkcs8(key: PrivateKeyInfo): Uint8Array {
  const privateKey = derValue(TAG.octetString, derPrivateKey(key))
  return encodeDer(derSequence(derVersion(VERSION_1), derKeyAlgorithm(key), privateKey))
}

/**
 * @returns views of `bytes`, which live and are zeroized with them, or `undefined` for anything but the DER of a
 * private key of these families
 */
export function decodePkcs8(bytes: Uint8Array): PrivateKeyInfo | undefined {
  return decodeDer(bytes, (reader) =>
    reader.readInside(TAG.sequence, (info) => {
      info.expectVersion(VERSION_1)
      const algorithm = readKeyAlgorithm(info)
      return info.readInside(TAG.octetString, (inside) => readPrivateKey(inside, algorithm))
    }),
  )
}

function derPrivateKey(key: PrivateKeyInfo): DerValue {
  switch (key.family) {
    case 'rsa':
      return derRsaPrivateKey(key.numbers)
    case 'ec':
      return derEcPrivateKey(key)
    case 'edwards':
      return derValue(TAG.octetString, key.seed)
    case 'ml-dsa':
    case 'ml-kem':
      return derValue(TAG.primitive0, key.seed)
  }
}

function readPrivateKey(inside: DerReader, algorithm: KeyAlgorithm): PrivateKeyInfo {
  switch (algorithm.family) {
    case 'rsa':
      return { family: 'rsa', numbers: inside.readInside(TAG.sequence, readRsaPrivateKey) }
    case 'ec':
      return inside.readInside(TAG.sequence, (key) => readEcPrivateKey(key, algorithm.curve))
    case 'edwards':
    case 'ml-dsa':
    case 'ml-kem': {
      const seed = inside.readContent(algorithm.family === 'edwards' ? TAG.octetString : TAG.primitive0)
      return seed.length === keyLengthsOf(algorithm).seedLength ? { ...algorithm, seed } : inside.refuse()
    }
  }
}

function derRsaPrivateKey(numbers: RsaPrivateNumbers): DerValue {
  return derSequence(
    derVersion(TWO_PRIMES),
    derPositive(numbers.modulus),
    derPositive(numbers.publicExponent),
    derPositive(numbers.privateExponent),
    derPositive(numbers.prime1),
    derPositive(numbers.prime2),
    derPositive(numbers.exponent1),
    derPositive(numbers.exponent2),
    derPositive(numbers.coefficient),
  )
}

function readRsaPrivateKey(key: DerReader): RsaPrivateNumbers {
  key.expectVersion(TWO_PRIMES)
  return {
    modulus: key.readPositive(),
    publicExponent: key.readPositive(),
    privateExponent: key.readPositive(),
    prime1: key.readPositive(),
    prime2: key.readPositive(),
    exponent1: key.readPositive(),
    exponent2: key.readPositive(),
    coefficient: key.readPositive(),
  }
}
