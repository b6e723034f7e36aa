/**
 * How many vectors of each outside set there are, how many are not run and why, and what is decided where a set lets
 * one choose: told once, checked by every run, and printed into docs/algorithms.md.
 */

import type { KeySpec, KmsKeyUsage } from '@softkms/hsm'

export interface VectorCount {
  /** What docs/algorithms.md lists it under. */
  readonly algorithm: string
  /** The kind of key that the vectors are about, where it is one. */
  readonly serves?: `${KeySpec} ${KmsKeyUsage}`
  readonly tests: number
  /** How many are not run, by reason. */
  readonly skipped?: Readonly<Record<string, number>>
}

export const CONTEXT_STRING = 'AWS KMS signs with an empty context string'
export const LABEL = 'has a label, and was refused for it'

/** Wycheproof's files by name, without `_test.json`. */
export const WYCHEPROOF_COUNTS: Readonly<Record<string, VectorCount>> = {
  aes_gcm: {
    algorithm: 'AES-256-GCM',
    serves: 'SYMMETRIC_DEFAULT ENCRYPT_DECRYPT',
    tests: 316,
    skipped: { 'not a 256-bit key': 211, 'not a 96-bit nonce': 39 },
  },
  aes_kwp: { algorithm: 'AES-256-KWP', tests: 254 },
  ecdh_secp256r1: { algorithm: 'ECDH', serves: 'ECC_NIST_P256 KEY_AGREEMENT', tests: 612 },
  ecdh_secp384r1: { algorithm: 'ECDH', serves: 'ECC_NIST_P384 KEY_AGREEMENT', tests: 1047 },
  ecdsa_secp256k1_sha256: { algorithm: 'ECDSA', serves: 'ECC_SECG_P256K1 SIGN_VERIFY', tests: 476 },
  ecdsa_secp256r1_sha256: { algorithm: 'ECDSA', serves: 'ECC_NIST_P256 SIGN_VERIFY', tests: 484 },
  ecdsa_secp521r1_sha512: { algorithm: 'ECDSA', serves: 'ECC_NIST_P521 SIGN_VERIFY', tests: 542 },
  ed25519: { algorithm: 'Ed25519', serves: 'ECC_NIST_EDWARDS25519 SIGN_VERIFY', tests: 151 },
  hmac_sha224: { algorithm: 'HMAC', serves: 'HMAC_224 GENERATE_VERIFY_MAC', tests: 172 },
  hmac_sha256: { algorithm: 'HMAC', serves: 'HMAC_256 GENERATE_VERIFY_MAC', tests: 174 },
  hmac_sha512: { algorithm: 'HMAC', serves: 'HMAC_512 GENERATE_VERIFY_MAC', tests: 174 },
  mldsa_44_sign_seed: {
    algorithm: 'ML-DSA',
    serves: 'ML_DSA_44 SIGN_VERIFY',
    tests: 86,
    skipped: { [CONTEXT_STRING]: 4 },
  },
  mldsa_44_verify: {
    algorithm: 'ML-DSA',
    serves: 'ML_DSA_44 SIGN_VERIFY',
    tests: 180,
    skipped: { [CONTEXT_STRING]: 7 },
  },
  mldsa_65_sign_seed: {
    algorithm: 'ML-DSA',
    serves: 'ML_DSA_65 SIGN_VERIFY',
    tests: 105,
    skipped: { [CONTEXT_STRING]: 4 },
  },
  mldsa_65_verify: {
    algorithm: 'ML-DSA',
    serves: 'ML_DSA_65 SIGN_VERIFY',
    tests: 210,
    skipped: { [CONTEXT_STRING]: 7 },
  },
  mlkem_1024: { algorithm: 'ML-KEM', serves: 'ML_KEM_1024 ENCAPSULATE_DECAPSULATE', tests: 193 },
  mlkem_512: { algorithm: 'ML-KEM', serves: 'ML_KEM_512 ENCAPSULATE_DECAPSULATE', tests: 193 },
  mlkem_512_encaps: { algorithm: 'ML-KEM', serves: 'ML_KEM_512 ENCAPSULATE_DECAPSULATE', tests: 261 },
  mlkem_512_keygen_seed: { algorithm: 'ML-KEM', serves: 'ML_KEM_512 ENCAPSULATE_DECAPSULATE', tests: 100 },
  primality: { algorithm: 'RSA', tests: 317 },
  rsa_oaep_2048_sha1_mgf1sha1: {
    algorithm: 'RSA',
    serves: 'RSA_2048 ENCRYPT_DECRYPT',
    tests: 36,
    skipped: { [LABEL]: 7 },
  },
  rsa_oaep_2048_sha256_mgf1sha256: {
    algorithm: 'RSA',
    serves: 'RSA_2048 ENCRYPT_DECRYPT',
    tests: 37,
    skipped: { [LABEL]: 8 },
  },
  rsa_oaep_4096_sha256_mgf1sha256: {
    algorithm: 'RSA',
    serves: 'RSA_4096 ENCRYPT_DECRYPT',
    tests: 37,
    skipped: { [LABEL]: 8 },
  },
  rsa_pkcs1_2048_sig_gen: {
    algorithm: 'RSA',
    serves: 'RSA_2048 SIGN_VERIFY',
    tests: 43,
    skipped: { 'AWS does not sign with SHA-1': 8, 'AWS does not sign with SHA-224': 8 },
  },
  rsa_pkcs1_4096_sig_gen: { algorithm: 'RSA', serves: 'RSA_4096 SIGN_VERIFY', tests: 24 },
  rsa_pss_2048_sha256_mgf1_32: { algorithm: 'RSA', serves: 'RSA_2048 SIGN_VERIFY', tests: 108 },
  rsa_pss_2048_sha384_mgf1_48: { algorithm: 'RSA', serves: 'RSA_2048 SIGN_VERIFY', tests: 141 },
  rsa_pss_4096_sha512_mgf1_64: { algorithm: 'RSA', serves: 'RSA_4096 SIGN_VERIFY', tests: 179 },
  rsa_signature_2048_sha256: { algorithm: 'RSA', serves: 'RSA_2048 SIGN_VERIFY', tests: 259 },
  rsa_signature_2048_sha384: { algorithm: 'RSA', serves: 'RSA_2048 SIGN_VERIFY', tests: 258 },
  rsa_signature_2048_sha512: { algorithm: 'RSA', serves: 'RSA_2048 SIGN_VERIFY', tests: 259 },
  rsa_signature_3072_sha256: { algorithm: 'RSA', serves: 'RSA_3072 SIGN_VERIFY', tests: 259 },
  rsa_signature_4096_sha512: { algorithm: 'RSA', serves: 'RSA_4096 SIGN_VERIFY', tests: 259 },
}

/** NIST's known answers, in `test/vectors/nist/`. */
export const NIST_COUNTS: Readonly<Record<string, VectorCount>> = {
  'ctr-drbg-vectors': { algorithm: 'CTR_DRBG', tests: 9 },
  'kwp-vectors': { algorithm: 'AES-256-KWP', tests: 11 },
}

/** Known answers of RFCs, in `test/vectors/rfc/`, for kinds of key of which there is no file above. */
export const RFC_COUNTS: Readonly<Record<string, VectorCount>> = {
  'RFC 4231': { algorithm: 'HMAC', serves: 'HMAC_384 GENERATE_VERIFY_MAC', tests: 6 },
  'RFC 6979 §A.2.6': { algorithm: 'ECDSA', serves: 'ECC_NIST_P384 SIGN_VERIFY', tests: 2 },
  'RFC 5903 §8.3': { algorithm: 'ECDH', serves: 'ECC_NIST_P521 KEY_AGREEMENT', tests: 2 },
}

/** Accumulated vectors, in `test/vectors/cctv/`; the slow run has 10,000 of each. */
export const CCTV_COUNTS: Readonly<Record<string, VectorCount>> = {
  'accumulated ML-DSA-44': { algorithm: 'ML-DSA', serves: 'ML_DSA_44 SIGN_VERIFY', tests: 100 },
  'accumulated ML-DSA-65': { algorithm: 'ML-DSA', serves: 'ML_DSA_65 SIGN_VERIFY', tests: 100 },
  'accumulated ML-DSA-87': { algorithm: 'ML-DSA', serves: 'ML_DSA_87 SIGN_VERIFY', tests: 100 },
  'accumulated ML-KEM-768': { algorithm: 'ML-KEM', serves: 'ML_KEM_768 ENCAPSULATE_DECAPSULATE', tests: 100 },
}

export function countRun({ tests, skipped = {} }: VectorCount): number {
  return Object.values(skipped).reduce((left, count) => left - count, tests)
}

/** What is decided for tests that may go either way, and why. */
export interface Decision {
  readonly isAccepted: boolean
  readonly reason: string
}

/** Wycheproof's `acceptable` results, by the flag that they bear. */
export const ACCEPTABLE: Readonly<Record<string, Decision>> = {
  CompressedPublic: { isAccepted: false, reason: 'points are read uncompressed only, as they are written' },
  UnnamedCurve: { isAccepted: false, reason: 'curves are named, never spelled out: RFC 5480 §2.1.1' },
  InvalidAsn: { isAccepted: false, reason: 'the encoding is BER at best, and DER is required' },
  MissingNull: { isAccepted: false, reason: 'what is compared is encoded by RFC 8017 §9.2, which has the NULL' },
  SmallPublicKey: { isAccepted: true, reason: 'the signature is right; a key with such an exponent is not imported' },
  NegativeOfPrime: { isAccepted: false, reason: 'a prime is positive' },
}
