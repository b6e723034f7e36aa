/** The three parameter sets. @spec FIPS 204 §4 (tables 1, 2) */

import { GAMMA2, type Rounding } from './rounding.ts'

export type MlDsaParameters = 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87'

interface Choice {
  /** k and l: of the matrix. */
  readonly rows: number
  readonly columns: number
  /** η, the most that a secret coefficient is in size. */
  readonly eta: 2 | 4
  /** τ, how many coefficients of a challenge are not zero. */
  readonly tau: number
  /** γ1, by which a mask is bounded, is 2 to this power. */
  readonly maskBits: 17 | 19
  readonly rounding: Rounding
  /** ω, how many hints there may be. */
  readonly omega: number
  readonly challengeBytes: number
}

export interface ParameterSet extends Choice {
  /** γ1 - β, which a response must stay below in size. */
  readonly responseBound: number
  readonly gamma2: number
  /** γ2 - β, which what is rounded away must stay below. */
  readonly lowBound: number
  /** Bits of a packed coefficient: of a secret, a response, and a high part. */
  readonly secretBits: number
  readonly responseBits: number
  readonly highBits: number
  readonly publicKeyBytes: number
  readonly signatureBytes: number
  readonly privateKeyBytes: number
}

export const SEED_BYTES = 32
export const HASH_BYTES = 64
/** Bits of a coefficient of t1 and of t0. */
export const PUBLISHED_BITS = 10
export const KEPT_BITS = 13

export const PARAMETER_SETS: Readonly<Record<MlDsaParameters, ParameterSet>> = {
  'ML-DSA-44': complete({
    rows: 4,
    columns: 4,
    eta: 2,
    tau: 39,
    maskBits: 17,
    rounding: 'fine',
    omega: 80,
    challengeBytes: 32,
  }),
  'ML-DSA-65': complete({
    rows: 6,
    columns: 5,
    eta: 4,
    tau: 49,
    maskBits: 19,
    rounding: 'coarse',
    omega: 55,
    challengeBytes: 48,
  }),
  'ML-DSA-87': complete({
    rows: 8,
    columns: 7,
    eta: 2,
    tau: 60,
    maskBits: 19,
    rounding: 'coarse',
    omega: 75,
    challengeBytes: 64,
  }),
}

function complete(choice: Choice): ParameterSet {
  const { rows, columns, eta, tau, maskBits, rounding, omega, challengeBytes } = choice
  const beta = tau * eta
  const gamma2 = GAMMA2[rounding]
  const secretBits = eta === 2 ? 3 : 4
  const responseBits = maskBits + 1
  return {
    ...choice,
    responseBound: 2 ** maskBits - beta,
    gamma2,
    lowBound: gamma2 - beta,
    secretBits,
    responseBits,
    highBits: rounding === 'fine' ? 6 : 4,
    publicKeyBytes: SEED_BYTES + rows * packedBytes(PUBLISHED_BITS),
    signatureBytes: challengeBytes + columns * packedBytes(responseBits) + omega + rows,
    privateKeyBytes:
      2 * SEED_BYTES + HASH_BYTES + (rows + columns) * packedBytes(secretBits) + rows * packedBytes(KEPT_BITS),
  }
}

/** How many bytes a polynomial takes. */
export function packedBytes(bits: number): number {
  return 32 * bits
}
