/**
 * Pair-wise consistency of an ML-DSA key pair: the one half verifies what the other signs.
 *
 * @spec FIPS 140-3 IG 10.3.A (modelled on)
 */

import type { LatticePrimitives, MlDsaKey, MlDsaParameters } from '../../asymmetric-primitives.ts'
import type { Entropy } from '../../entropy.ts'
import { ML_DSA_MU_LENGTH } from './ml-dsa.ts'

export function passesMlDsaPct(
  provider: LatticePrimitives,
  parameters: MlDsaParameters,
  key: MlDsaKey,
  entropy: Entropy,
): boolean {
  const mu = new Uint8Array(ML_DSA_MU_LENGTH).fill(0x5a)
  return provider.verifyMlDsa(parameters, key.publicKey, mu, key.sign(mu, entropy))
}
