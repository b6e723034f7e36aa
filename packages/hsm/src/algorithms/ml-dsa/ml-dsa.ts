/**
 * ML-DSA: sizes, the length checks before every provider, and which way a message takes.
 *
 * The scheme is the pure one with an empty context string. RAW signs the message, EXTERNAL_MU its 64-byte
 * representative μ, computed by the caller; both give the same kind of signature.
 *
 * @spec FIPS 204 §4 (table 2), §5, §6; KMS crypto-details §7
 */

import type { LatticePrimitives, MlDsaKey, MlDsaParameters } from '../../asymmetric-primitives.ts'
import type { Entropy } from '../../entropy.ts'
import type { MessageMlDsaKey, MessagePrimitives } from '../../message-primitives.ts'

export const ML_DSA_SEED_LENGTH = 32
export const ML_DSA_MU_LENGTH = 64

export interface MlDsaSizes {
  readonly publicKey: number
  readonly signature: number
}

export const ML_DSA_SIZES: Readonly<Record<MlDsaParameters, MlDsaSizes>> = {
  'ML-DSA-44': { publicKey: 1312, signature: 2420 },
  'ML-DSA-65': { publicKey: 1952, signature: 3309 },
  'ML-DSA-87': { publicKey: 2592, signature: 4627 },
}

export type MlDsaProvider = LatticePrimitives & Pick<MessagePrimitives, 'verifyMlDsaMessage'>

/** @throws RangeError for a seed that is not 32 bytes */
export function createMlDsaKey(provider: LatticePrimitives, parameters: MlDsaParameters, seed: Uint8Array): MlDsaKey {
  if (seed.length !== ML_DSA_SEED_LENGTH) throw new RangeError('seed must be 32 bytes')
  return provider.createMlDsaKey(parameters, seed)
}

/** @throws RangeError for a μ that is not 64 bytes */
export function signMlDsaMu(key: MlDsaKey, mu: Uint8Array, entropy: Entropy): Uint8Array {
  assertMuLength(mu)
  return key.sign(mu, entropy)
}

/**
 * @returns `false` for a signature or a public key of another length, too
 * @throws RangeError for a μ that is not 64 bytes
 */
export function verifyMlDsaMu(
  provider: LatticePrimitives,
  parameters: MlDsaParameters,
  publicKey: Uint8Array,
  mu: Uint8Array,
  signature: Uint8Array,
): boolean {
  assertMuLength(mu)
  return hasForm(parameters, publicKey, signature) && provider.verifyMlDsa(parameters, publicKey, mu, signature)
}

/** Signs a whole message, by the platform where that is the only way it has, else by its μ. */
export function signMlDsaMessage(
  provider: LatticePrimitives,
  key: MlDsaKey | MessageMlDsaKey,
  message: Uint8Array,
  entropy: Entropy,
): Uint8Array {
  if ('signMessage' in key) return key.signMessage(message)
  return key.sign(provider.computeMlDsaMu(key.publicKey, message), entropy)
}

export function verifyMlDsaMessage(
  provider: MlDsaProvider,
  parameters: MlDsaParameters,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (!hasForm(parameters, publicKey, signature)) return false
  if (provider.verifyMlDsaMessage !== undefined) {
    return provider.verifyMlDsaMessage(parameters, publicKey, message, signature)
  }
  return provider.verifyMlDsa(parameters, publicKey, provider.computeMlDsaMu(publicKey, message), signature)
}

function hasForm(parameters: MlDsaParameters, publicKey: Uint8Array, signature: Uint8Array): boolean {
  const sizes = ML_DSA_SIZES[parameters]
  return publicKey.length === sizes.publicKey && signature.length === sizes.signature
}

function assertMuLength(mu: Uint8Array): void {
  if (mu.length !== ML_DSA_MU_LENGTH) throw new RangeError('mu must be 64 bytes')
}
