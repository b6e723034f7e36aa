/** The three parameter sets. @spec FIPS 203 §8 (tables 2, 3) */

export type MlKemParameters = 'ML-KEM-512' | 'ML-KEM-768' | 'ML-KEM-1024'

export interface ParameterSet {
  /** k: rows and columns of the matrix. */
  readonly rows: number
  /** η1, the most that a coefficient of a secret is in size; η2, of other noise, is 2. */
  readonly eta: 2 | 3
  /** Bits of a coefficient of u and of v in a ciphertext. */
  readonly uBits: 10 | 11
  readonly vBits: 4 | 5
  readonly encapsulationKeyBytes: number
  readonly ciphertextBytes: number
  /** Of the secret, transformed, as the decapsulation key begins with it. */
  readonly secretBytes: number
  readonly decapsulationKeyBytes: number
}

export const SEED_BYTES = 32
export const NOISE_ETA = 2
/** Bits of a coefficient that is not rounded. */
export const FULL_BITS = 12

export const PARAMETER_SETS: Readonly<Record<MlKemParameters, ParameterSet>> = {
  'ML-KEM-512': complete({ rows: 2, eta: 3, uBits: 10, vBits: 4 }),
  'ML-KEM-768': complete({ rows: 3, eta: 2, uBits: 10, vBits: 4 }),
  'ML-KEM-1024': complete({ rows: 4, eta: 2, uBits: 11, vBits: 5 }),
}

function complete(choice: Pick<ParameterSet, 'rows' | 'eta' | 'uBits' | 'vBits'>): ParameterSet {
  const { rows, uBits, vBits } = choice
  const secretBytes = rows * packedBytes(FULL_BITS)
  const encapsulationKeyBytes = secretBytes + SEED_BYTES
  return {
    ...choice,
    encapsulationKeyBytes,
    ciphertextBytes: rows * packedBytes(uBits) + packedBytes(vBits),
    secretBytes,
    decapsulationKeyBytes: secretBytes + encapsulationKeyBytes + 2 * SEED_BYTES,
  }
}

/** How many bytes a polynomial takes. */
export function packedBytes(bits: number): number {
  return 32 * bits
}
