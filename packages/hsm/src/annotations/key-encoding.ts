/** Public keys, private keys and ECDSA signatures, byte by byte. Private numbers are named and marked, never told. */

import type { Annotated, Description } from '../annotation.ts'
import { decodeEcdsaNumbers } from '../encoding/ecdsa-signature.ts'
import { type PrivateKeyInfo, decodePkcs8 } from '../encoding/pkcs8.ts'
import { type PublicKeyInfo, decodeSpki } from '../encoding/spki.ts'
import { type NamedView, annotateDer } from './der.ts'
import { countBytes } from './bytes-in-words.ts'

/** Of a structure that a key is in but no signature or tag: whoever trusts it has it from somewhere trusted. */
const BY_NOTHING = 'nothing in it: trust depends on where it came from'
const BY_ITS_BLOB = 'nothing in it: the blob that carries it does, as plaintext'
const BY_VERIFYING = 'verification: it fails when a bit of r, s or the message is changed'

/** Says what each byte of a SubjectPublicKeyInfo is. */
export function annotateSpki(bytes: Uint8Array): Annotated {
  const key = decodeSpki(bytes)
  if (key === undefined) return { refusal: 'not an SPKI: not the DER of a public key of a kind that KMS has' }
  return annotateDer(bytes, {
    names: { outer: 'SubjectPublicKeyInfo', inner: 'RSAPublicKey' },
    fields: publicFields(key),
    authenticatedBy: BY_NOTHING,
  })
}

/** Says what each byte of an unencrypted PrivateKeyInfo is; the private numbers are of kind `secret`. */
export function annotatePkcs8(bytes: Uint8Array): Annotated {
  const key = decodePkcs8(bytes)
  if (key === undefined) return { refusal: 'not a PKCS #8 key: not the DER of a private key of a kind that KMS has' }
  return annotateDer(bytes, {
    names: { outer: 'PrivateKeyInfo', inner: PRIVATE_KEY_NAMES[key.family] },
    fields: privateFields(key),
    authenticatedBy: BY_ITS_BLOB,
  })
}

/** Says what each byte of an ECDSA signature is. */
export function annotateSignature(bytes: Uint8Array): Annotated {
  const numbers = decodeEcdsaNumbers(bytes)
  if (numbers === undefined) return { refusal: 'not an ECDSA signature: not the DER of two positive numbers' }
  const [r, s] = numbers
  return annotateDer(bytes, {
    names: { outer: 'ECDSA-Sig-Value', inner: '' },
    fields: [
      named(r, 'tag', 'r', bits(r), 'the x coordinate of the one-time point that signing drew', BY_VERIFYING),
      named(s, 'tag', 's', bits(s), 'ties the message and the private key to that point', BY_VERIFYING),
    ],
    authenticatedBy: BY_VERIFYING,
  })
}

const PRIVATE_KEY_NAMES: Readonly<Record<PrivateKeyInfo['family'], string>> = {
  rsa: 'RSAPrivateKey',
  ec: 'ECPrivateKey',
  edwards: 'CurvePrivateKey',
  'ml-dsa': 'ML-DSA-PrivateKey',
  'ml-kem': 'ML-KEM-PrivateKey',
}

function publicFields(key: PublicKeyInfo): NamedView[] {
  switch (key.family) {
    case 'rsa':
      return rsaPublicFields(key.numbers, BY_NOTHING)
    case 'ec':
      return [pointField(key.point, `on ${key.curve}`, BY_NOTHING)]
    case 'edwards':
      return [publicKeyField(key.publicKey, 'Ed25519')]
    case 'ml-dsa':
    case 'ml-kem':
      return [publicKeyField(key.publicKey, key.parameters)]
  }
}

function privateFields(key: PrivateKeyInfo): NamedView[] {
  switch (key.family) {
    case 'rsa': {
      const { modulus, publicExponent, ...secrets } = key.numbers
      return [
        ...rsaPublicFields({ modulus, publicExponent }, BY_ITS_BLOB),
        secretField(secrets.privateExponent, 'private exponent d', 'signs and decrypts'),
        secretField(secrets.prime1, 'prime p', 'a factor of the modulus: whoever has it has the key'),
        secretField(secrets.prime2, 'prime q', 'the other factor'),
        secretField(secrets.exponent1, 'd mod p-1', 'makes the private operation faster'),
        secretField(secrets.exponent2, 'd mod q-1', 'makes the private operation faster'),
        secretField(secrets.coefficient, 'q^-1 mod p', 'joins the two halves of the private operation'),
      ]
    }
    case 'ec':
      return [
        secretField(key.scalar, 'private scalar', `signs or agrees on secrets, on ${key.curve}`),
        ...(key.point === undefined ? [] : [pointField(key.point, `on ${key.curve}`, BY_ITS_BLOB)]),
      ]
    case 'edwards':
      return [secretField(key.seed, 'seed', 'the Ed25519 key is computed from it')]
    case 'ml-dsa':
    case 'ml-kem':
      return [secretField(key.seed, 'seed', `the ${key.parameters} key is computed from it`)]
  }
}

function rsaPublicFields(
  { modulus, publicExponent }: Extract<PublicKeyInfo, { family: 'rsa' }>['numbers'],
  authenticatedBy: string,
): NamedView[] {
  const purpose = 'the exponent of the public operation'
  return [
    named(modulus, 'public-key', 'modulus n', bits(modulus), 'the product of the two primes', authenticatedBy),
    named(publicExponent, 'public-key', 'public exponent e', bits(publicExponent), purpose, authenticatedBy),
  ]
}

function pointField(point: Uint8Array, meaning: string, authenticatedBy: string): NamedView {
  const purpose = 'verifies signatures, or is the public half of an agreement'
  return named(point, 'public-key', 'public point', `uncompressed (04, x, y) ${meaning}`, purpose, authenticatedBy)
}

function publicKeyField(key: Uint8Array, algorithm: string): NamedView {
  const meaning = `${countBytes(key.length)} of ${algorithm}`
  return named(key, 'public-key', 'public key', meaning, 'verifies or encapsulates', BY_NOTHING)
}

function secretField(view: Uint8Array, name: string, purpose: string): NamedView {
  return named(view, 'secret', name, `${countBytes(view.length)}, not shown`, purpose, BY_ITS_BLOB)
}

function named(
  view: Uint8Array,
  kind: Description['kind'],
  name: string,
  meaning: string,
  purpose: string,
  authenticatedBy: string,
): NamedView {
  return { view, description: { kind, name, meaning, purpose, authenticatedBy } }
}

/** The bit length of a number that has no leading zero byte. */
function bits(number: Uint8Array): string {
  const first = number[0] ?? 0
  return `${8 * (number.length - 1) + (32 - Math.clz32(first))} bits`
}
