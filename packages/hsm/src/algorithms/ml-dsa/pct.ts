/**
 * Pair-wise consistency of an ML-DSA key pair: the one half verifies what the other signs, by every way that the
 * provider signs.
 *
 * @spec FIPS 140-3 IG 10.3.A (modelled on)
 */

import type { MlDsaKey, MlDsaParameters } from '../../asymmetric-primitives.ts'
import type { Entropy } from '../../entropy.ts'
import { ML_DSA_MU_LENGTH, type MlDsaProvider, signMlDsaMessage, verifyMlDsaMessage } from './ml-dsa.ts'

export function passesMlDsaPct(
  provider: MlDsaProvider,
  parameters: MlDsaParameters,
  key: MlDsaKey,
  entropy: Entropy,
): boolean {
  const mu = new Uint8Array(ML_DSA_MU_LENGTH).fill(0x5a)
  if (!provider.verifyMlDsa(parameters, key.publicKey, mu, key.sign(mu, entropy))) return false
  if (!('signMessage' in key)) return true
  return verifyMlDsaMessage(provider, parameters, key.publicKey, mu, signMlDsaMessage(provider, key, mu, entropy))
}
