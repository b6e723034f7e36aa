/**
 * Pair-wise consistency of an EC key pair that signs: the one half verifies what the other signs.
 *
 * @spec FIPS 140-3 IG 10.3.A (modelled on)
 */

import type { Curve, CurvePrimitives } from '../../asymmetric-primitives.ts'
import type { Entropy } from '../../entropy.ts'

const DIGEST_LENGTH = 32

export function passesEcdsaPct(
  provider: CurvePrimitives,
  curve: Curve,
  scalar: Uint8Array,
  point: Uint8Array,
  entropy: Entropy,
): boolean {
  const digest = new Uint8Array(DIGEST_LENGTH).fill(0x5a)
  const signature = provider.signEcdsa(curve, scalar, digest, entropy)
  return provider.verifyEcdsa(curve, point, digest, signature)
}
