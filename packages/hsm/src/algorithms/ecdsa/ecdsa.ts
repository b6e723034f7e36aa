/**
 * ECDSA: the length checks before every provider, and which way a message takes.
 *
 * Signatures here are r and s, each of the curve's length; their DER form belongs to `encoding/`. A high s is as good
 * as a low one, as in AWS KMS.
 *
 * @spec FIPS 186-5 §6.4
 */

import type { Curve, CurvePrimitives, HashName, HashPrimitives } from '../../asymmetric-primitives.ts'
import type { Entropy } from '../../entropy.ts'
import type { MessagePrimitives } from '../../message-primitives.ts'
import { SCALAR_LENGTHS, assertScalarLength, isUncompressed } from '../elliptic-curve.ts'

export type EcdsaProvider = CurvePrimitives &
  HashPrimitives &
  Pick<MessagePrimitives, 'signEcdsaMessage' | 'verifyEcdsaMessage'>

/** Below 28 bytes a digest is shorter than any hash that FIPS 186-5 admits. */
const SHORTEST_DIGEST = 28
const LONGEST_DIGEST = 64

/** Bytes of r and s together. */
export function ecdsaSignatureLength(curve: Curve): number {
  return 2 * SCALAR_LENGTHS[curve]
}

/**
 * @param digest 28 to 64 bytes
 * @throws RangeError for a scalar or a digest of another length
 */
export function signEcdsaDigest(
  provider: CurvePrimitives,
  curve: Curve,
  scalar: Uint8Array,
  digest: Uint8Array,
  entropy: Entropy,
): Uint8Array {
  assertScalarLength(curve, scalar)
  assertDigestLength(digest)
  return provider.signEcdsa(curve, scalar, digest, entropy)
}

/** @returns `false` for a signature or a point of another form, too; @throws RangeError for such a digest */
export function verifyEcdsaDigest(
  provider: CurvePrimitives,
  curve: Curve,
  point: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  assertDigestLength(digest)
  if (!hasForm(curve, point, signature)) return false
  return provider.verifyEcdsa(curve, point, digest, signature)
}

/** Signs a whole message, by the platform where that is the only way it has, else by its digest. */
export function signEcdsaMessage(
  provider: EcdsaProvider,
  curve: Curve,
  hash: HashName,
  scalar: Uint8Array,
  message: Uint8Array,
  entropy: Entropy,
): Uint8Array {
  assertScalarLength(curve, scalar)
  if (provider.signEcdsaMessage !== undefined) return provider.signEcdsaMessage(curve, scalar, hash, message)
  return signEcdsaDigest(provider, curve, scalar, provider.digest(hash, message), entropy)
}

export function verifyEcdsaMessage(
  provider: EcdsaProvider,
  curve: Curve,
  hash: HashName,
  point: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (!hasForm(curve, point, signature)) return false
  if (provider.verifyEcdsaMessage !== undefined) {
    return provider.verifyEcdsaMessage(curve, point, hash, message, signature)
  }
  return verifyEcdsaDigest(provider, curve, point, provider.digest(hash, message), signature)
}

function hasForm(curve: Curve, point: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === ecdsaSignatureLength(curve) && isUncompressed(curve, point)
}

function assertDigestLength(digest: Uint8Array): void {
  if (digest.length < SHORTEST_DIGEST || digest.length > LONGEST_DIGEST) {
    throw new RangeError('digest must be 28 to 64 bytes')
  }
}
