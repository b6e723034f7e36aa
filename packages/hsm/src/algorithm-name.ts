/**
 * The algorithms by AWS's names, and which of them a key spec has.
 *
 * Like `key-spec.ts`, one table from which lists, checks and documents are derived. The orders are those in which AWS
 * prints them.
 *
 * @spec KMS crypto-details §7; operations, "Enumerations"
 */

import type { HashName } from './asymmetric-primitives.ts'
import { KEY_SPECS, type KeySpec, type KeyUsage } from './key-spec.ts'

export type RsaEncryptionAlgorithm = 'RSAES_OAEP_SHA_1' | 'RSAES_OAEP_SHA_256'
export type EncryptionAlgorithm = 'SYMMETRIC_DEFAULT' | RsaEncryptionAlgorithm

export type RsaSigningAlgorithm =
  | 'RSASSA_PKCS1_V1_5_SHA_256'
  | 'RSASSA_PKCS1_V1_5_SHA_384'
  | 'RSASSA_PKCS1_V1_5_SHA_512'
  | 'RSASSA_PSS_SHA_256'
  | 'RSASSA_PSS_SHA_384'
  | 'RSASSA_PSS_SHA_512'
export type EcdsaAlgorithm = 'ECDSA_SHA_256' | 'ECDSA_SHA_384' | 'ECDSA_SHA_512'
export type EdwardsAlgorithm = 'ED25519_SHA_512' | 'ED25519_PH_SHA_512'
export type SigningAlgorithm = RsaSigningAlgorithm | EcdsaAlgorithm | EdwardsAlgorithm | 'ML_DSA_SHAKE_256'

export type MacAlgorithm = 'HMAC_SHA_224' | 'HMAC_SHA_256' | 'HMAC_SHA_384' | 'HMAC_SHA_512'
export type KeyAgreementAlgorithm = 'ECDH'
export type EncapsulationAlgorithm = 'ML_KEM'

export type Algorithm =
  | EncryptionAlgorithm
  | SigningAlgorithm
  | MacAlgorithm
  | KeyAgreementAlgorithm
  | EncapsulationAlgorithm

/** What a message is to a signing command. */
export type MessageType = 'RAW' | 'DIGEST' | 'EXTERNAL_MU'

export interface SigningAlgorithmRow {
  /** What a RAW message is hashed with, and so how long a DIGEST is; ML-DSA hashes in its own way. */
  readonly hash?: HashName
  readonly messageTypes: readonly MessageType[]
}

const RAW_OR_DIGEST = ['RAW', 'DIGEST'] as const

export const SIGNING_ALGORITHMS: Readonly<Record<SigningAlgorithm, SigningAlgorithmRow>> = {
  RSASSA_PKCS1_V1_5_SHA_256: { hash: 'SHA-256', messageTypes: RAW_OR_DIGEST },
  RSASSA_PKCS1_V1_5_SHA_384: { hash: 'SHA-384', messageTypes: RAW_OR_DIGEST },
  RSASSA_PKCS1_V1_5_SHA_512: { hash: 'SHA-512', messageTypes: RAW_OR_DIGEST },
  RSASSA_PSS_SHA_256: { hash: 'SHA-256', messageTypes: RAW_OR_DIGEST },
  RSASSA_PSS_SHA_384: { hash: 'SHA-384', messageTypes: RAW_OR_DIGEST },
  RSASSA_PSS_SHA_512: { hash: 'SHA-512', messageTypes: RAW_OR_DIGEST },
  ECDSA_SHA_256: { hash: 'SHA-256', messageTypes: RAW_OR_DIGEST },
  ECDSA_SHA_384: { hash: 'SHA-384', messageTypes: RAW_OR_DIGEST },
  ECDSA_SHA_512: { hash: 'SHA-512', messageTypes: RAW_OR_DIGEST },
  ED25519_SHA_512: { messageTypes: ['RAW'] },
  ED25519_PH_SHA_512: { hash: 'SHA-512', messageTypes: ['DIGEST'] },
  ML_DSA_SHAKE_256: { messageTypes: ['RAW', 'EXTERNAL_MU'] },
}

const RSA_ENCRYPTION: readonly RsaEncryptionAlgorithm[] = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256']
const RSA_SIGNING: readonly RsaSigningAlgorithm[] = [
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
]

/** The algorithms of keys that have one for each usage. */
const SINGLE: Readonly<Partial<Record<KeySpec, Partial<Record<KeyUsage, readonly Algorithm[]>>>>> = {
  SYMMETRIC_DEFAULT: { ENCRYPT_DECRYPT: ['SYMMETRIC_DEFAULT'] },
  ECC_NIST_P256: { SIGN_VERIFY: ['ECDSA_SHA_256'], KEY_AGREEMENT: ['ECDH'] },
  ECC_NIST_P384: { SIGN_VERIFY: ['ECDSA_SHA_384'], KEY_AGREEMENT: ['ECDH'] },
  ECC_NIST_P521: { SIGN_VERIFY: ['ECDSA_SHA_512'], KEY_AGREEMENT: ['ECDH'] },
  ECC_SECG_P256K1: { SIGN_VERIFY: ['ECDSA_SHA_256'] },
  ECC_NIST_EDWARDS25519: { SIGN_VERIFY: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'] },
  HMAC_224: { GENERATE_VERIFY_MAC: ['HMAC_SHA_224'] },
  HMAC_256: { GENERATE_VERIFY_MAC: ['HMAC_SHA_256'] },
  HMAC_384: { GENERATE_VERIFY_MAC: ['HMAC_SHA_384'] },
  HMAC_512: { GENERATE_VERIFY_MAC: ['HMAC_SHA_512'] },
}

/** The algorithms that a key of this spec and usage has; none for a pair that does not exist. */
export function algorithmsOf(spec: KeySpec, usage: KeyUsage): readonly Algorithm[] {
  switch (KEY_SPECS[spec].family) {
    case 'rsa':
      if (usage === 'ENCRYPT_DECRYPT') return RSA_ENCRYPTION
      return usage === 'SIGN_VERIFY' ? RSA_SIGNING : []
    case 'ml-dsa':
      return usage === 'SIGN_VERIFY' ? ['ML_DSA_SHAKE_256'] : []
    case 'ml-kem':
      return usage === 'ENCAPSULATE_DECAPSULATE' ? ['ML_KEM'] : []
    default:
      return SINGLE[spec]?.[usage] ?? []
  }
}

const DIGEST_LENGTHS: Readonly<Record<HashName, number>> = {
  'SHA-1': 20,
  'SHA-224': 28,
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
}

/** @returns the length of a digest in bytes */
export function digestLength(hash: HashName): number {
  return DIGEST_LENGTHS[hash]
}
