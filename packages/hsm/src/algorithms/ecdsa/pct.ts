/**
 * Pair-wise consistency of an EC key pair that signs: the one half verifies what the other signs, by every way that the
 * provider signs.
 *
 * @spec FIPS 140-3 IG 10.3.A (modelled on)
 */

import type { Curve } from '../../asymmetric-primitives.ts'
import type { Entropy } from '../../entropy.ts'
import { type EcdsaProvider, signEcdsaMessage, verifyEcdsaMessage } from './ecdsa.ts'

const DIGEST_LENGTH = 32

export function passesEcdsaPct(
  provider: EcdsaProvider,
  curve: Curve,
  scalar: Uint8Array,
  point: Uint8Array,
  entropy: Entropy,
): boolean {
  const digest = new Uint8Array(DIGEST_LENGTH).fill(0x5a)
  const signature = provider.signEcdsa(curve, scalar, digest, entropy)
  if (!provider.verifyEcdsa(curve, point, digest, signature)) return false
  if (provider.signEcdsaMessage === undefined) return true
  const signed = signEcdsaMessage(provider, curve, 'SHA-256', scalar, digest, entropy)
  return verifyEcdsaMessage(provider, curve, 'SHA-256', point, digest, signed)
}
