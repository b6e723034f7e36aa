/**
 * ML-KEM: sizes, and the length checks before every provider.
 *
 * A ciphertext of the right length always gives a secret: for one that is not genuine, a pseudo-random one that only
 * the private key can compute. So its length is all that can be wrong with it.
 *
 * @spec FIPS 203 §7, §8 (table 3)
 */

import type { LatticePrimitives, MlKemKey, MlKemParameters } from '../../asymmetric-primitives.ts'
import type { Entropy } from '../../entropy.ts'

/** d and z. */
export const ML_KEM_SEED_LENGTH = 64

export interface MlKemSizes {
  readonly encapsulationKey: number
  readonly ciphertext: number
}

export const ML_KEM_SIZES: Readonly<Record<MlKemParameters, MlKemSizes>> = {
  'ML-KEM-512': { encapsulationKey: 800, ciphertext: 768 },
  'ML-KEM-768': { encapsulationKey: 1184, ciphertext: 1088 },
  'ML-KEM-1024': { encapsulationKey: 1568, ciphertext: 1568 },
}

export interface Encapsulation {
  readonly sharedSecret: Uint8Array
  readonly ciphertext: Uint8Array
}

/** @throws RangeError for a seed that is not 64 bytes */
export function createMlKemKey(provider: LatticePrimitives, parameters: MlKemParameters, seed: Uint8Array): MlKemKey {
  if (seed.length !== ML_KEM_SEED_LENGTH) throw new RangeError('seed must be 64 bytes')
  return provider.createMlKemKey(parameters, seed)
}

/** @returns `undefined` for an encapsulation key of another length, or with a coefficient that is not reduced */
export function encapsulate(
  provider: LatticePrimitives,
  parameters: MlKemParameters,
  encapsulationKey: Uint8Array,
  entropy: Entropy,
): Encapsulation | undefined {
  if (encapsulationKey.length !== ML_KEM_SIZES[parameters].encapsulationKey) return undefined
  return provider.encapsulate(parameters, encapsulationKey, entropy)
}

/** @returns the shared secret, which the caller zeroizes, or `undefined` for a ciphertext of another length */
export function decapsulate(
  key: MlKemKey,
  parameters: MlKemParameters,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  return ciphertext.length === ML_KEM_SIZES[parameters].ciphertext ? key.decapsulate(ciphertext) : undefined
}
