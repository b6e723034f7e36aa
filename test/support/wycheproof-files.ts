/**
 * Which of Wycheproof's files each test takes, by their names, and which are nobody's.
 *
 * A test runs every file of its set that is in the folder, known or not: `tools/docs/vector-counts.ts` tells the known
 * ones, whose counts are checked. `every-file.test.ts` refuses a file that is in no set.
 */

import { WYCHEPROOF_COUNTS } from '../../tools/docs/vector-counts.ts'
import { listVectors } from './vectors.ts'

export type WycheproofSet = keyof typeof SETS

const CURVE = '(?:secp256r1|secp384r1|secp521r1|secp256k1)'
const MODULUS = '(?:2048|3072|4096)'

const SETS = {
  'aes-gcm': /^aes_gcm$/,
  'aes-kwp': /^aes_kwp$/,
  ecdh: new RegExp(`^ecdh_${CURVE}$`),
  ecdsa: new RegExp(`^ecdsa_${CURVE}_sha(?:224|256|384|512)$`),
  ed25519: /^ed25519$/,
  hmac: /^hmac_sha(?:224|256|384|512)$/,
  'ml-dsa signing': /^mldsa_(?:44|65|87)_sign_seed$/,
  'ml-dsa verification': /^mldsa_(?:44|65|87)_verify$/,
  'ml-kem': /^mlkem_(?:512|768|1024)$/,
  'ml-kem generation': /^mlkem_(?:512|768|1024)_keygen_seed$/,
  'ml-kem encapsulation': /^mlkem_(?:512|768|1024)_encaps$/,
  primality: /^primality$/,
  oaep: new RegExp(`^rsa_oaep_${MODULUS}_(?:sha1_mgf1sha1|sha256_mgf1sha256)$`),
  'pkcs1 signing': new RegExp(`^rsa_pkcs1_${MODULUS}_sig_gen$`),
  'pkcs1 verification': new RegExp(`^rsa_signature_${MODULUS}_sha(?:256|384|512)$`),
  pss: new RegExp(`^rsa_pss_${MODULUS}_(?:sha256_mgf1_32|sha384_mgf1_48|sha512_mgf1_64)$`),
} as const satisfies Readonly<Record<string, RegExp>>

/** Files of algorithms that we do have, in a form that the API does not. Any other algorithm is nobody's, too. */
const NOT_OURS: readonly (readonly [RegExp, string])[] = [
  [/^aes_wrap$/, 'key wrap without padding (RFC 3394) is not in the API'],
  [/^ecdh_.*_(?:ecpoint|pem|webcrypto)$/, 'a peer comes as SPKI in DER'],
  [/^ecdsa_.*_(?:p1363|webcrypto|bitcoin)$/, 'signatures are DER, with a high s or a low one'],
  [/^ecdsa_.*_(?:sha3_\d+|sha512_\d+|shake\d+)$/, 'no hash of the API'],
  [/^hmac_(?:sha1|sha3_\d+|sha512_\d+|sm3)$/, 'no hash of the API'],
  [/^mldsa_.*_sign_noseed$/, 'private keys are seeds'],
  [/^mlkem_.*_(?:semi_expanded_decaps|decaps_noseed)$/, 'private keys are seeds'],
  [/^rsa_(?:oaep|pkcs1|pss|signature|pkcs1_.*_sig_gen)_/, 'no modulus, hash or salt length of the API'],
]

/** The algorithms whose files must be in a set or have a reason. */
const OURS = /^(?:aes_gcm|aes_kwp|aes_wrap|ecdh_secp|ecdsa_secp(?!224|160)|ed25519|hmac_|mldsa_|mlkem_|primality|rsa_)/

/** @returns the files of a set, without `_test.json`: the known ones, and whatever else of it is in the folder */
export function filesOf(set: WycheproofSet): readonly string[] {
  const names = new Set([...Object.keys(WYCHEPROOF_COUNTS), ...namesInFolder()])
  return [...names].filter((name) => SETS[set].test(name)).toSorted()
}

/** @returns the sets that take a file, and why it is in none: one or the other is told of each */
export function placeOf(name: string): {
  readonly sets: readonly WycheproofSet[]
  readonly reason: string | undefined
} {
  const sets = (Object.keys(SETS) as WycheproofSet[]).filter((set) => SETS[set].test(name))
  if (sets.length > 0) return { sets, reason: undefined }
  if (!OURS.test(name)) return { sets, reason: 'no algorithm of the API' }
  return { sets, reason: NOT_OURS.find(([pattern]) => pattern.test(name))?.[1] }
}

export function namesInFolder(): readonly string[] {
  return listVectors('wycheproof').map((file) => file.replace(/_test\.json$/, ''))
}
