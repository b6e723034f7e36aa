/**
 * How many vectors of each outside set there are, and how many of them are run: told once, checked by every run, and
 * printed into docs/algorithms.md. What is not run has its reason in the test of its set.
 */

export interface VectorCount {
  /** What docs/algorithms.md lists it under. */
  readonly algorithm: string
  readonly tests: number
  readonly run: number
}

/** Wycheproof's files by name, without `_test.json`. */
export const WYCHEPROOF_COUNTS = {
  aes_gcm: { algorithm: 'AES-256-GCM', tests: 316, run: 66 },
  aes_kwp: { algorithm: 'AES-256-KWP', tests: 254, run: 254 },
  ecdh_secp256r1: { algorithm: 'ECDH', tests: 612, run: 612 },
  ecdh_secp384r1: { algorithm: 'ECDH', tests: 1047, run: 1047 },
  ecdsa_secp256k1_sha256: { algorithm: 'ECDSA', tests: 476, run: 476 },
  ecdsa_secp256r1_sha256: { algorithm: 'ECDSA', tests: 484, run: 484 },
  ecdsa_secp521r1_sha512: { algorithm: 'ECDSA', tests: 542, run: 542 },
  ed25519: { algorithm: 'Ed25519', tests: 151, run: 151 },
  hmac_sha224: { algorithm: 'HMAC', tests: 172, run: 172 },
  hmac_sha256: { algorithm: 'HMAC', tests: 174, run: 174 },
  hmac_sha512: { algorithm: 'HMAC', tests: 174, run: 174 },
  mldsa_44_sign_seed: { algorithm: 'ML-DSA', tests: 86, run: 82 },
  mldsa_44_verify: { algorithm: 'ML-DSA', tests: 180, run: 173 },
  mldsa_65_sign_seed: { algorithm: 'ML-DSA', tests: 105, run: 101 },
  mldsa_65_verify: { algorithm: 'ML-DSA', tests: 210, run: 203 },
  mlkem_1024: { algorithm: 'ML-KEM', tests: 193, run: 193 },
  mlkem_512: { algorithm: 'ML-KEM', tests: 193, run: 193 },
  mlkem_512_encaps: { algorithm: 'ML-KEM', tests: 261, run: 261 },
  mlkem_512_keygen_seed: { algorithm: 'ML-KEM', tests: 100, run: 100 },
  primality: { algorithm: 'RSA', tests: 317, run: 317 },
  rsa_oaep_2048_sha1_mgf1sha1: { algorithm: 'RSA', tests: 36, run: 29 },
  rsa_oaep_2048_sha256_mgf1sha256: { algorithm: 'RSA', tests: 37, run: 29 },
  rsa_oaep_4096_sha256_mgf1sha256: { algorithm: 'RSA', tests: 37, run: 29 },
  rsa_pkcs1_2048_sig_gen: { algorithm: 'RSA', tests: 43, run: 27 },
  rsa_pkcs1_4096_sig_gen: { algorithm: 'RSA', tests: 24, run: 24 },
  rsa_pss_2048_sha256_mgf1_32: { algorithm: 'RSA', tests: 108, run: 108 },
  rsa_pss_2048_sha384_mgf1_48: { algorithm: 'RSA', tests: 141, run: 141 },
  rsa_pss_4096_sha512_mgf1_64: { algorithm: 'RSA', tests: 179, run: 179 },
  rsa_signature_2048_sha256: { algorithm: 'RSA', tests: 259, run: 259 },
  rsa_signature_2048_sha384: { algorithm: 'RSA', tests: 258, run: 258 },
  rsa_signature_2048_sha512: { algorithm: 'RSA', tests: 259, run: 259 },
  rsa_signature_3072_sha256: { algorithm: 'RSA', tests: 259, run: 259 },
  rsa_signature_4096_sha512: { algorithm: 'RSA', tests: 259, run: 259 },
} as const satisfies Readonly<Record<string, VectorCount>>
