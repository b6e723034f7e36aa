/**
 * Ed25519 and Ed25519ph: the length checks before every provider.
 *
 * ED25519_PH_SHA_512 takes a digest of 64 bytes and hashes it once more, as AWS documents: what is signed is Ed25519ph
 * of the digest as if the digest were the message. A caller that verifies elsewhere passes the digest, not the message.
 *
 * @spec RFC 8032 §5.1, FIPS 186-5 §7.6, §7.8, KMS crypto-details §7
 */

import type { CurvePrimitives } from '../../asymmetric-primitives.ts'

export const ED25519_SEED_LENGTH = 32
const ED25519_PUBLIC_KEY_LENGTH = 32
const ED25519_SIGNATURE_LENGTH = 64
/** A SHA-512 digest. */
const ED25519_PH_DIGEST_LENGTH = 64

export function signEd25519(provider: CurvePrimitives, seed: Uint8Array, message: Uint8Array): Uint8Array {
  assertLength('seed', seed, ED25519_SEED_LENGTH)
  return provider.signEd25519(seed, message, false)
}

/** @throws RangeError for a digest that is not 64 bytes */
export function signEd25519ph(provider: CurvePrimitives, seed: Uint8Array, digest: Uint8Array): Uint8Array {
  assertLength('seed', seed, ED25519_SEED_LENGTH)
  assertLength('digest', digest, ED25519_PH_DIGEST_LENGTH)
  return provider.signEd25519(seed, digest, true)
}

/** @returns `false` for a signature or a public key of another length, too */
export function verifyEd25519(
  provider: CurvePrimitives,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  return hasForm(publicKey, signature) && provider.verifyEd25519(publicKey, message, signature, false)
}

/** @throws RangeError for a digest that is not 64 bytes */
export function verifyEd25519ph(
  provider: CurvePrimitives,
  publicKey: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  assertLength('digest', digest, ED25519_PH_DIGEST_LENGTH)
  return hasForm(publicKey, signature) && provider.verifyEd25519(publicKey, digest, signature, true)
}

function hasForm(publicKey: Uint8Array, signature: Uint8Array): boolean {
  return publicKey.length === ED25519_PUBLIC_KEY_LENGTH && signature.length === ED25519_SIGNATURE_LENGTH
}

function assertLength(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new RangeError(`${name} must be ${length} bytes`)
}
