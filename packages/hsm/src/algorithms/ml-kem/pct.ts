/**
 * Pair-wise consistency of an ML-KEM key pair: what the public half encapsulates, the private half opens.
 *
 * @spec FIPS 203 §7.1 (pair-wise consistency)
 */

import type { LatticePrimitives, MlKemKey, MlKemParameters } from '../../asymmetric-primitives.ts'
import { equalBytes } from '../../bytes.ts'
import type { Entropy } from '../../entropy.ts'

export function passesMlKemPct(
  provider: LatticePrimitives,
  parameters: MlKemParameters,
  key: MlKemKey,
  entropy: Entropy,
): boolean {
  const encapsulation = provider.encapsulate(parameters, key.encapsulationKey, entropy)
  if (encapsulation === undefined) return false
  const { sharedSecret, ciphertext } = encapsulation
  const opened = key.decapsulate(ciphertext)
  const passes = equalBytes(opened, sharedSecret)
  opened.fill(0)
  sharedSecret.fill(0)
  return passes
}
