/**
 * Which keys there are: one table from key spec to family, parameters and usages.
 *
 * Algorithms, sizes, generators and the documentation are derived from it. The codes are written into key tokens and
 * so never change their meaning.
 *
 * @spec KMS operations (CreateKey, valid pairs); crypto-details §7
 */

import type { Curve, MlDsaParameters, MlKemParameters } from './asymmetric-primitives.ts'
import type { MacHash } from './symmetric-primitives.ts'

export const KEY_USAGE_CODES = {
  ENCRYPT_DECRYPT: 1,
  SIGN_VERIFY: 2,
  GENERATE_VERIFY_MAC: 3,
  KEY_AGREEMENT: 4,
  ENCAPSULATE_DECAPSULATE: 5,
  /** Of the RSA keys under which material comes in; no KMS key has it. */
  UNWRAP: 6,
} as const
export type KeyUsage = keyof typeof KEY_USAGE_CODES

/** What a KMS key can be for. */
export type KmsKeyUsage = Exclude<KeyUsage, 'UNWRAP'>

export const KEY_ORIGIN_CODES = { AWS_KMS: 1, EXTERNAL: 2 } as const
export type KeyOrigin = keyof typeof KEY_ORIGIN_CODES

export type SymmetricSpec = 'SYMMETRIC_DEFAULT'
export type HmacSpec = 'HMAC_224' | 'HMAC_256' | 'HMAC_384' | 'HMAC_512'
export type RsaSpec = 'RSA_2048' | 'RSA_3072' | 'RSA_4096'
export type EcSpec = 'ECC_NIST_P256' | 'ECC_NIST_P384' | 'ECC_NIST_P521' | 'ECC_SECG_P256K1'
export type EdwardsSpec = 'ECC_NIST_EDWARDS25519'
export type MlDsaSpec = 'ML_DSA_44' | 'ML_DSA_65' | 'ML_DSA_87'
export type MlKemSpec = 'ML_KEM_512' | 'ML_KEM_768' | 'ML_KEM_1024'

export type KeySpec = SymmetricSpec | HmacSpec | RsaSpec | EcSpec | EdwardsSpec | MlDsaSpec | MlKemSpec

/** What GenerateDataKeyPair takes. */
export type DataKeyPairSpec = RsaSpec | EcSpec | EdwardsSpec | MlKemSpec

interface RowBase {
  readonly code: number
  readonly usages: readonly KeyUsage[]
}

export type KeySpecRow = RowBase &
  (
    | { readonly family: 'symmetric'; readonly materialLength: number }
    | { readonly family: 'hmac'; readonly materialLength: number; readonly hash: MacHash }
    | { readonly family: 'rsa'; readonly modulusBits: number }
    | { readonly family: 'ec'; readonly curve: Curve }
    | { readonly family: 'edwards' }
    | { readonly family: 'ml-dsa'; readonly parameters: MlDsaParameters }
    | { readonly family: 'ml-kem'; readonly parameters: MlKemParameters }
  )

export type KeyFamilyName = KeySpecRow['family']

const RSA_USAGES = ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'UNWRAP'] as const
const NIST_USAGES = ['SIGN_VERIFY', 'KEY_AGREEMENT'] as const
const SIGN = ['SIGN_VERIFY'] as const
const MAC = ['GENERATE_VERIFY_MAC'] as const
const ENCAPSULATE = ['ENCAPSULATE_DECAPSULATE'] as const

export const KEY_SPECS: Readonly<Record<KeySpec, KeySpecRow>> = {
  SYMMETRIC_DEFAULT: { code: 1, family: 'symmetric', usages: ['ENCRYPT_DECRYPT'], materialLength: 32 },
  RSA_2048: { code: 2, family: 'rsa', usages: RSA_USAGES, modulusBits: 2048 },
  RSA_3072: { code: 3, family: 'rsa', usages: RSA_USAGES, modulusBits: 3072 },
  RSA_4096: { code: 4, family: 'rsa', usages: RSA_USAGES, modulusBits: 4096 },
  ECC_NIST_P256: { code: 5, family: 'ec', usages: NIST_USAGES, curve: 'P-256' },
  ECC_NIST_P384: { code: 6, family: 'ec', usages: NIST_USAGES, curve: 'P-384' },
  ECC_NIST_P521: { code: 7, family: 'ec', usages: NIST_USAGES, curve: 'P-521' },
  ECC_SECG_P256K1: { code: 8, family: 'ec', usages: SIGN, curve: 'secp256k1' },
  ECC_NIST_EDWARDS25519: { code: 9, family: 'edwards', usages: SIGN },
  HMAC_224: { code: 10, family: 'hmac', usages: MAC, materialLength: 28, hash: 'SHA-224' },
  HMAC_256: { code: 11, family: 'hmac', usages: MAC, materialLength: 32, hash: 'SHA-256' },
  HMAC_384: { code: 12, family: 'hmac', usages: MAC, materialLength: 48, hash: 'SHA-384' },
  HMAC_512: { code: 13, family: 'hmac', usages: MAC, materialLength: 64, hash: 'SHA-512' },
  ML_DSA_44: { code: 14, family: 'ml-dsa', usages: SIGN, parameters: 'ML-DSA-44' },
  ML_DSA_65: { code: 15, family: 'ml-dsa', usages: SIGN, parameters: 'ML-DSA-65' },
  ML_DSA_87: { code: 16, family: 'ml-dsa', usages: SIGN, parameters: 'ML-DSA-87' },
  ML_KEM_512: { code: 17, family: 'ml-kem', usages: ENCAPSULATE, parameters: 'ML-KEM-512' },
  ML_KEM_768: { code: 18, family: 'ml-kem', usages: ENCAPSULATE, parameters: 'ML-KEM-768' },
  ML_KEM_1024: { code: 19, family: 'ml-kem', usages: ENCAPSULATE, parameters: 'ML-KEM-1024' },
}

/** Whether keys of this spec have a public half. */
export function hasPublicKey(spec: KeySpec): boolean {
  const { family } = KEY_SPECS[spec]
  return family !== 'symmetric' && family !== 'hmac'
}

/** Of all specs with a public half, data key pairs leave ML-DSA out, as AWS does. */
export const DATA_KEY_PAIR_SPECS: readonly DataKeyPairSpec[] = (Object.keys(KEY_SPECS) as KeySpec[]).filter(
  (spec): spec is DataKeyPairSpec => hasPublicKey(spec) && KEY_SPECS[spec].family !== 'ml-dsa',
)
