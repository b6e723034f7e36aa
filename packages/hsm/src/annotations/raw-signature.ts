/**
 * Signatures without DER around them, byte by byte: RSA, Ed25519 and ML-DSA.
 *
 * Nothing in such bytes says that they are a signature; their length is all that there is to go by.
 *
 * @spec RFC 8017 §8; RFC 8032 §5.1.6; FIPS 204 §4 (table 1), Algorithm 26
 */

import { type Annotated, Annotator } from '../annotation.ts'
import { ML_DSA_SIZES } from '../algorithms/ml-dsa/ml-dsa.ts'
import type { MlDsaParameters } from '../asymmetric-primitives.ts'
import { KEY_SPECS } from '../key-spec.ts'

const BY_VERIFYING = 'verification: it fails when a bit of the signature or the message is changed'

interface Part {
  readonly name: string
  /** In bytes. */
  readonly length: number
  readonly meaning: string
  readonly purpose: string
}

/** The order of Ed25519's group is below 2^253, so S has three bits that are zero. */
const ED25519_TOP_BITS = 0xe0
const ED25519: readonly Part[] = [
  {
    name: 'R',
    length: 32,
    meaning: 'Ed25519: a point, compressed',
    purpose: 'commits to the one-time number that message and key gave',
  },
  {
    name: 'S',
    length: 32,
    meaning: 'Ed25519: a number, the last byte first',
    purpose: 'ties the message and the private key to that point',
  },
]

/** @spec FIPS 204 §4, table 1: λ/4, ω and k; what is left is z */
const ML_DSA_HINTS: Readonly<
  Record<MlDsaParameters, { readonly hash: number; readonly omega: number; readonly k: number }>
> = {
  'ML-DSA-44': { hash: 32, omega: 80, k: 4 },
  'ML-DSA-65': { hash: 48, omega: 55, k: 6 },
  'ML-DSA-87': { hash: 64, omega: 75, k: 8 },
}

const RSA_LENGTHS: ReadonlySet<number> = new Set(
  Object.values(KEY_SPECS).flatMap((row) => (row.family === 'rsa' ? [row.modulusBits / 8] : [])),
)

/** Says what each byte of an RSA, Ed25519 or ML-DSA signature is, for bytes that are known to be one. */
export function annotateRawSignature(bytes: Uint8Array): Annotated {
  const parts = partsOf(bytes)
  if (parts === undefined) return { refusal: 'not a signature of RSA, Ed25519 or ML-DSA: none has these bytes' }
  const annotator = new Annotator(bytes)
  for (const { length, ...words } of parts) {
    annotator.take(length, () => ({ kind: 'tag', authenticatedBy: BY_VERIFYING, ...words }))
  }
  return annotator.finish()
}

function partsOf(bytes: Uint8Array): readonly Part[] | undefined {
  const { length } = bytes
  if (length === 64) return ((bytes[63] ?? 0) & ED25519_TOP_BITS) === 0 ? ED25519 : undefined
  if (RSA_LENGTHS.has(length)) return [rsaPart(length)]
  const found = (Object.keys(ML_DSA_HINTS) as MlDsaParameters[]).find((one) => ML_DSA_SIZES[one].signature === length)
  return found && mlDsaParts(found)
}

function rsaPart(length: number): Part {
  return {
    name: 's',
    length,
    meaning: `RSA: a number of ${8 * length} bits, PSS or PKCS #1 v1.5`,
    purpose: 'its e-th power modulo n is the padded digest; only the verifier knows which padding it asks for',
  }
}

function mlDsaParts(parameters: MlDsaParameters): readonly Part[] {
  const { hash, omega, k } = ML_DSA_HINTS[parameters]
  return [
    {
      name: 'c~',
      length: hash,
      meaning: `${parameters}: a hash`,
      purpose: 'gives the challenge, and is computed anew to verify',
    },
    {
      name: 'z',
      length: ML_DSA_SIZES[parameters].signature - hash - omega - k,
      meaning: `${parameters}: short polynomials, packed`,
      purpose: 'answers the challenge, masked so that it tells nothing of the key',
    },
    {
      name: 'positions of h',
      length: omega,
      meaning: `${parameters}: at most ${omega}, then zeros`,
      purpose: 'say where rounding must be corrected, as the public key is shortened',
    },
    {
      name: 'counts of h',
      length: k,
      meaning: `${parameters}: one for each of ${k} polynomials`,
      purpose: 'say how many of the positions belong to which',
    },
  ]
}
