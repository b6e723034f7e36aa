/**
 * Pair-wise consistency of an Ed25519 key pair: the one half verifies what the other signs.
 *
 * @spec FIPS 140-3 IG 10.3.A (modelled on)
 */

import type { CurvePrimitives } from '../../asymmetric-primitives.ts'

const MESSAGE_LENGTH = 32

export function passesEd25519Pct(provider: CurvePrimitives, seed: Uint8Array, publicKey: Uint8Array): boolean {
  const message = new Uint8Array(MESSAGE_LENGTH).fill(0x5a)
  return provider.verifyEd25519(publicKey, message, provider.signEd25519(seed, message, false), false)
}
