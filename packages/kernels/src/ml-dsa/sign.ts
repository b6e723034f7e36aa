/**
 * Signing. Rejected attempts show in the time, as they do with everybody; they tell nothing of the key.
 *
 * @spec FIPS 204 §6.2 (algorithm 7), §7.2 (algorithms 20, 25, 26, 28)
 */

import { SHAKE256_RATE, SHAKE_SUFFIX } from '../keccak/sponge.ts'
import {
  CHALLENGE,
  COEFFICIENTS,
  HIGH,
  LOW,
  PACKED,
  POLYNOMIAL_BYTES,
  PRODUCT,
  S1,
  S2,
  SEED,
  T0,
  Y,
  Z,
} from './layout.ts'
import { type Machine, polynomialsOf, rowAddress } from './machine.ts'
import { HASH_BYTES, KEPT_BITS, type ParameterSet, SEED_BYTES, packedBytes } from './parameters.ts'

/** Within `SEED`: what masks are made of, what is signed, and the challenge's bytes. */
const MASK_SEED = SEED
const MU: number = SEED + HASH_BYTES
const CHALLENGE_BYTES: number = MU + HASH_BYTES

/** @param rnd 32 fresh bytes, or zeros for a signature that depends on key and message alone */
export function sign(
  machine: Machine,
  set: ParameterSet,
  privateKey: Uint8Array,
  mu: Uint8Array,
  rnd: Uint8Array,
): Uint8Array {
  const { run, memory } = machine
  const { rows, columns, maskBits, challengeBytes } = set
  machine.expandMatrix(privateKey.subarray(0, SEED_BYTES), set)
  unpackSecrets(machine, set, privateKey)
  machine.hash([privateKey.subarray(SEED_BYTES, 2 * SEED_BYTES), rnd, mu], MASK_SEED, HASH_BYTES)
  memory.set(mu, MU)
  const suffix = set.rounding === 'fine' ? 'Fine' : 'Coarse'
  const [y, z] = [polynomialsOf(Y, columns), polynomialsOf(Z, columns)]
  const [high, low] = [polynomialsOf(HIGH, rows), polynomialsOf(LOW, rows)]

  for (let number = 0; ; number += columns) {
    for (const [i, polynomial] of y.entries()) {
      run.sampleMask(polynomial, MASK_SEED, number + i, maskBits)
      run.copy(Z + i * POLYNOMIAL_BYTES, polynomial)
      run.transform(Z + i * POLYNOMIAL_BYTES)
    }
    for (const [i, polynomial] of high.entries()) {
      run.multiply(PRODUCT, rowAddress(i, columns), Z, columns)
      run.invert(PRODUCT)
      run.raise(PRODUCT, PRODUCT)
      run[`decompose${suffix}`](polynomial, LOW + i * POLYNOMIAL_BYTES, PRODUCT)
    }
    hashCommitment(machine, set)
    run.sampleChallenge(CHALLENGE, CHALLENGE_BYTES, challengeBytes, set.tau)
    run.transform(CHALLENGE)

    if (!respond()) continue
    const hints = makeHints()
    if (hints === undefined) continue
    return encode(hints)
  }

  /** Computes the response and what is left of the low parts: whether both are small enough to be shown. */
  function respond(): boolean {
    for (const [i, polynomial] of z.entries()) {
      multiplyByChallenge(S1 + i * POLYNOMIAL_BYTES)
      run.add(polynomial, Y + i * POLYNOMIAL_BYTES, PRODUCT)
      if (run.reaches(polynomial, set.responseBound) !== 0) return false
    }
    for (const [i, polynomial] of low.entries()) {
      multiplyByChallenge(S2 + i * POLYNOMIAL_BYTES)
      run.subtract(polynomial, polynomial, PRODUCT)
      if (run.reaches(polynomial, set.lowBound) !== 0) return false
    }
    return true
  }

  /** @returns the hints as they are encoded, or `undefined` where there are too many, or t0 has too large a part */
  function makeHints(): Uint8Array | undefined {
    let count = 0
    for (const [i, polynomial] of low.entries()) {
      multiplyByChallenge(T0 + i * POLYNOMIAL_BYTES)
      run.center(PRODUCT, PRODUCT)
      if (run.reaches(PRODUCT, set.gamma2) !== 0) return undefined
      run.add(polynomial, polynomial, PRODUCT)
      count += run[`makeHint${suffix}`](HIGH + i * POLYNOMIAL_BYTES, polynomial)
    }
    return count > set.omega ? undefined : encodeHints(machine, set)
  }

  function multiplyByChallenge(polynomial: number): void {
    run.multiply(PRODUCT, CHALLENGE, polynomial, 1)
    run.invert(PRODUCT)
  }

  function encode(hints: Uint8Array): Uint8Array {
    const signature = new Uint8Array(set.signatureBytes)
    signature.set(memory.subarray(CHALLENGE_BYTES, CHALLENGE_BYTES + challengeBytes))
    const length = packedBytes(set.responseBits)
    for (const [i, polynomial] of z.entries()) {
      run.pack(PACKED, polynomial, set.responseBits, 2 ** maskBits)
      signature.set(memory.subarray(PACKED, PACKED + length), challengeBytes + i * length)
    }
    signature.set(hints, set.signatureBytes - hints.length)
    return signature
  }
}

/** Hashes μ and the high parts to the challenge's bytes. */
export function hashCommitment(machine: Machine, set: ParameterSet): void {
  const { run } = machine
  const length = packedBytes(set.highBits)
  for (const [i, polynomial] of polynomialsOf(HIGH, set.rows).entries()) {
    run.pack(PACKED + i * length, polynomial, set.highBits, 0)
  }
  run.begin(SHAKE256_RATE)
  run.absorb(MU, HASH_BYTES)
  run.absorb(PACKED, set.rows * length)
  run.turn(SHAKE_SUFFIX)
  run.squeeze(CHALLENGE_BYTES, set.challengeBytes)
}

function unpackSecrets(machine: Machine, set: ParameterSet, privateKey: Uint8Array): void {
  const { run, memory } = machine
  const secrets = [...polynomialsOf(S1, set.columns), ...polynomialsOf(S2, set.rows)]
  let at = 2 * SEED_BYTES + HASH_BYTES
  const unpack = (polynomials: readonly number[], bits: number, from: number): void => {
    for (const polynomial of polynomials) {
      memory.set(privateKey.subarray(at, at + packedBytes(bits)), PACKED)
      run.unpack(polynomial, PACKED, bits, from)
      run.transform(polynomial)
      at += packedBytes(bits)
    }
  }
  unpack(secrets, set.secretBits, set.eta)
  unpack(polynomialsOf(T0, set.rows), KEPT_BITS, 2 ** (KEPT_BITS - 1))
}

/** Where the hints are, polynomial by polynomial, and how many there were until then. */
function encodeHints({ coefficients }: Machine, { rows, omega }: ParameterSet): Uint8Array {
  const encoded = new Uint8Array(omega + rows)
  let count = 0
  for (const [row, polynomial] of polynomialsOf(LOW, rows).entries()) {
    for (let i = 0; i < COEFFICIENTS; i++) if (coefficients[polynomial / 4 + i] === 1) encoded[count++] = i
    encoded[omega + row] = count
  }
  return encoded
}

export { CHALLENGE_BYTES, MU }
