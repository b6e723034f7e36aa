/** Key generation. @spec FIPS 204 §6.1 (algorithm 6), §7.2 (algorithms 22, 24) */

import { HIGH, LOW, POLYNOMIAL_BYTES, PACKED, PRODUCT, S1, S2, SEED, Z } from './layout.ts'
import { type Machine, polynomialsOf, rowAddress } from './machine.ts'
import { HASH_BYTES, KEPT_BITS, PUBLISHED_BITS, type ParameterSet, SEED_BYTES, packedBytes } from './parameters.ts'

export interface EncodedPair {
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
}

export function generate(machine: Machine, set: ParameterSet, seed: Uint8Array): EncodedPair {
  const { run } = machine
  const { rows, columns, eta, secretBits } = set
  machine.hash([seed, Uint8Array.of(rows, columns)], SEED, 2 * SEED_BYTES + HASH_BYTES)
  const expanded = machine.read(SEED, 2 * SEED_BYTES + HASH_BYTES)
  const matrixSeed = expanded.subarray(0, SEED_BYTES)
  machine.expandMatrix(matrixSeed, set)
  machine.memory.set(expanded, SEED)
  const secretSeed = SEED + SEED_BYTES
  const [s1, s2] = [polynomialsOf(S1, columns), polynomialsOf(S2, rows)]
  for (const [i, polynomial] of [...s1, ...s2].entries()) run.sampleSmall(polynomial, secretSeed, i, eta)
  for (const [i, polynomial] of s1.entries()) {
    run.copy(Z + i * POLYNOMIAL_BYTES, polynomial)
    run.transform(Z + i * POLYNOMIAL_BYTES)
  }
  for (const [i, polynomial] of s2.entries()) {
    run.multiply(PRODUCT, rowAddress(i, columns), Z, columns)
    run.invert(PRODUCT)
    run.add(PRODUCT, PRODUCT, polynomial)
    run.raise(PRODUCT, PRODUCT)
    run.power2Round(HIGH + i * POLYNOMIAL_BYTES, LOW + i * POLYNOMIAL_BYTES, PRODUCT)
  }

  const publicKey = new Uint8Array(set.publicKeyBytes)
  publicKey.set(matrixSeed)
  pack(publicKey, SEED_BYTES, polynomialsOf(HIGH, rows), PUBLISHED_BITS, 0)

  const privateKey = new Uint8Array(set.privateKeyBytes)
  privateKey.set(matrixSeed)
  privateKey.set(expanded.subarray(SEED_BYTES + HASH_BYTES), SEED_BYTES)
  machine.hash([publicKey], SEED, HASH_BYTES)
  privateKey.set(machine.read(SEED, HASH_BYTES), 2 * SEED_BYTES)
  const keptAt = pack(privateKey, 2 * SEED_BYTES + HASH_BYTES, [...s1, ...s2], secretBits, eta)
  pack(privateKey, keptAt, polynomialsOf(LOW, rows), KEPT_BITS, 2 ** (KEPT_BITS - 1))
  expanded.fill(0)
  return { publicKey, privateKey }

  /** @returns where it ended */
  function pack(into: Uint8Array, at: number, polynomials: readonly number[], bits: number, from: number): number {
    const length = packedBytes(bits)
    for (const [i, polynomial] of polynomials.entries()) {
      run.pack(PACKED, polynomial, bits, from)
      into.set(machine.memory.subarray(PACKED, PACKED + length), at + i * length)
    }
    return at + polynomials.length * length
  }
}
