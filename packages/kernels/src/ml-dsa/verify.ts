/** Verification. All of it is public. @spec FIPS 204 §6.3 (algorithm 8), §7.2 (algorithms 21, 23, 27) */

import { CHALLENGE, COEFFICIENTS, HIGH, LOW, PACKED, PRODUCT, SEED, T0, Y, Z } from './layout.ts'
import { type Machine, polynomialsOf, rowAddress } from './machine.ts'
import { PUBLISHED_BITS, type ParameterSet, SEED_BYTES, packedBytes } from './parameters.ts'
import { DROPPED_BITS } from './rounding.ts'
import { CHALLENGE_BYTES, MU, hashCommitment } from './sign.ts'

export function verify(
  machine: Machine,
  set: ParameterSet,
  publicKey: Uint8Array,
  mu: Uint8Array,
  signature: Uint8Array,
): boolean {
  const { run, memory } = machine
  const { rows, columns, challengeBytes } = set
  const suffix = set.rounding === 'fine' ? 'Fine' : 'Coarse'
  // What hashes to the challenge is not needed before the end, and hints stand where a signer has masks.
  const hints = polynomialsOf(Y, rows)
  if (!decodeHints(machine, set, signature.subarray(signature.length - set.omega - rows))) return false
  if (!unpackResponse()) return false
  machine.expandMatrix(publicKey.subarray(0, SEED_BYTES), set)
  memory.set(signature.subarray(0, challengeBytes), SEED)
  run.sampleChallenge(CHALLENGE, SEED, challengeBytes, set.tau)
  run.transform(CHALLENGE)

  for (const [i, polynomial] of polynomialsOf(HIGH, rows).entries()) {
    const length = packedBytes(PUBLISHED_BITS)
    const at = SEED_BYTES + i * length
    memory.set(publicKey.subarray(at, at + length), PACKED)
    run.unpack(T0, PACKED, PUBLISHED_BITS, 0)
    run.shift(T0, T0, DROPPED_BITS)
    run.transform(T0)
    run.multiply(T0, CHALLENGE, T0, 1)
    run.multiply(PRODUCT, rowAddress(i, columns), Z, columns)
    run.subtract(PRODUCT, PRODUCT, T0)
    run.invert(PRODUCT)
    run.raise(PRODUCT, PRODUCT)
    run[`decompose${suffix}`](polynomial, LOW, PRODUCT)
    run[`useHint${suffix}`](polynomial, LOW, hints[i] ?? Y)
  }
  memory.set(mu, MU)
  hashCommitment(machine, set)
  for (let i = 0; i < challengeBytes; i++) if (memory[CHALLENGE_BYTES + i] !== signature[i]) return false
  return true

  /** Whether the response is as small as it must be. */
  function unpackResponse(): boolean {
    const length = packedBytes(set.responseBits)
    for (const [i, polynomial] of polynomialsOf(Z, columns).entries()) {
      const at = challengeBytes + i * length
      memory.set(signature.subarray(at, at + length), PACKED)
      run.unpack(polynomial, PACKED, set.responseBits, 2 ** set.maskBits)
      if (run.reaches(polynomial, set.responseBound) !== 0) return false
      run.transform(polynomial)
    }
    return true
  }
}

/** @returns whether they are encoded in the one way that there is: rising, and with zeros for those that are not there */
function decodeHints({ coefficients }: Machine, { rows, omega }: ParameterSet, encoded: Uint8Array): boolean {
  let count = 0
  for (const [row, polynomial] of polynomialsOf(Y, rows).entries()) {
    coefficients.fill(0, polynomial / 4, polynomial / 4 + COEFFICIENTS)
    const limit = encoded[omega + row] ?? 0
    if (limit < count || limit > omega) return false
    const first = count
    for (; count < limit; count++) {
      const position = encoded[count] ?? 0
      if (count > first && position <= (encoded[count - 1] ?? 0)) return false
      coefficients[polynomial / 4 + position] = 1
    }
  }
  return encoded.subarray(count, omega).every((byte) => byte === 0)
}
