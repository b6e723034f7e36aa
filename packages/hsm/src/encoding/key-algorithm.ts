/**
 * AlgorithmIdentifier for every kind of key that crosses the boundary, from one table: identifier, parameters, lengths.
 *
 * Exactly one form is read for each: NULL parameters for RSA, a named curve for EC, no parameters for the others.
 *
 * @spec RFC 8017 §A.1, RFC 5480 §2.1.1, SEC 2 §A.2, RFC 8410 §3, RFC 9881 §2, RFC 9935 §3
 */

import type { Curve, MlDsaParameters, MlKemParameters } from '../asymmetric-primitives.ts'
import type { DerReader } from './der-reader.ts'
import { TAG } from './der-tag.ts'
import { type DerValue, derNull, derObjectIdentifier, derSequence } from './der-writer.ts'

export type KeyAlgorithm =
  | { readonly family: 'rsa' }
  | { readonly family: 'ec'; readonly curve: Curve }
  | { readonly family: 'edwards' }
  | { readonly family: 'ml-dsa'; readonly parameters: MlDsaParameters }
  | { readonly family: 'ml-kem'; readonly parameters: MlKemParameters }

export type SeedAlgorithm = Exclude<KeyAlgorithm, { readonly family: 'rsa' | 'ec' }>

/** Lengths in bytes: of the public key, and of the seed that a private key is stored as. */
interface SeedRow {
  readonly identifier: string
  readonly algorithm: SeedAlgorithm
  readonly publicKeyLength: number
  readonly seedLength: number
}

const EC_PUBLIC_KEY = '1.2.840.10045.2.1'
const RSA_ENCRYPTION = '1.2.840.113549.1.1.1'

const SEED_ROWS: Readonly<Record<'edwards' | MlDsaParameters | MlKemParameters, SeedRow>> = {
  edwards: { identifier: '1.3.101.112', algorithm: { family: 'edwards' }, publicKeyLength: 32, seedLength: 32 },
  'ML-DSA-44': mlDsa('2.16.840.1.101.3.4.3.17', 'ML-DSA-44', 1312),
  'ML-DSA-65': mlDsa('2.16.840.1.101.3.4.3.18', 'ML-DSA-65', 1952),
  'ML-DSA-87': mlDsa('2.16.840.1.101.3.4.3.19', 'ML-DSA-87', 2592),
  'ML-KEM-512': mlKem('2.16.840.1.101.3.4.4.1', 'ML-KEM-512', 800),
  'ML-KEM-768': mlKem('2.16.840.1.101.3.4.4.2', 'ML-KEM-768', 1184),
  'ML-KEM-1024': mlKem('2.16.840.1.101.3.4.4.3', 'ML-KEM-1024', 1568),
}

function mlDsa(identifier: string, parameters: MlDsaParameters, publicKeyLength: number): SeedRow {
  return { identifier, algorithm: { family: 'ml-dsa', parameters }, publicKeyLength, seedLength: 32 }
}

function mlKem(identifier: string, parameters: MlKemParameters, publicKeyLength: number): SeedRow {
  return { identifier, algorithm: { family: 'ml-kem', parameters }, publicKeyLength, seedLength: 64 }
}

const CURVES: Readonly<Record<Curve, string>> = {
  'P-256': '1.2.840.10045.3.1.7',
  'P-384': '1.3.132.0.34',
  'P-521': '1.3.132.0.35',
  secp256k1: '1.3.132.0.10',
}

/** How long a public key and a private key's seed are, for the families that have one length. */
export function keyLengthsOf(algorithm: SeedAlgorithm): Pick<SeedRow, 'publicKeyLength' | 'seedLength'> {
  return seedRowOf(algorithm)
}

function seedRowOf(algorithm: SeedAlgorithm): SeedRow {
  return SEED_ROWS[algorithm.family === 'edwards' ? algorithm.family : algorithm.parameters]
}

export function readKeyAlgorithm(reader: DerReader): KeyAlgorithm {
  return reader.readInside(TAG.sequence, (inside) => {
    const identifier = inside.readObjectIdentifier()
    if (identifier === EC_PUBLIC_KEY) return { family: 'ec', curve: readCurve(inside) }
    if (identifier === RSA_ENCRYPTION) {
      inside.readNull()
      return { family: 'rsa' }
    }
    const row = Object.values(SEED_ROWS).find((candidate) => candidate.identifier === identifier)
    return row?.algorithm ?? inside.refuse()
  })
}

export function derKeyAlgorithm(algorithm: KeyAlgorithm): DerValue {
  switch (algorithm.family) {
    case 'rsa':
      return derSequence(derObjectIdentifier(RSA_ENCRYPTION), derNull())
    case 'ec':
      return derSequence(derObjectIdentifier(EC_PUBLIC_KEY), derCurve(algorithm.curve))
    case 'edwards':
    case 'ml-dsa':
    case 'ml-kem':
      return derSequence(derObjectIdentifier(seedRowOf(algorithm).identifier))
  }
}

/** The name of an algorithm or a curve, in the words of the standard that registers it. */
export function nameObjectIdentifier(dotted: string): string | undefined {
  if (dotted === RSA_ENCRYPTION) return 'rsaEncryption'
  if (dotted === EC_PUBLIC_KEY) return 'id-ecPublicKey'
  const curve = (Object.keys(CURVES) as Curve[]).find((name) => CURVES[name] === dotted)
  if (curve !== undefined) return curve
  const row = Object.entries(SEED_ROWS).find(([, { identifier }]) => identifier === dotted)
  return row?.[0] === 'edwards' ? 'Ed25519' : row?.[0]
}

export function readCurve(reader: DerReader): Curve {
  const identifier = reader.readObjectIdentifier()
  const curve = (Object.keys(CURVES) as Curve[]).find((name) => CURVES[name] === identifier)
  return curve ?? reader.refuse()
}

export function derCurve(curve: Curve): DerValue {
  return derObjectIdentifier(CURVES[curve])
}
