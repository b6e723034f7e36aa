/** The encryption that ML-KEM is made of. @spec FIPS 203 §5 (algorithms 13, 14, 15) */

import { CIPHERTEXT, MESSAGE, NOISE, PACKED, POLYNOMIAL_BYTES, PUBLIC, SECRET, SEED, U, V } from './layout.ts'
import { type Machine, entryAddress, polynomialsOf } from './machine.ts'
import { FULL_BITS, NOISE_ETA, type ParameterSet, SEED_BYTES, packedBytes } from './parameters.ts'

export interface EncodedKeys {
  readonly encryptionKey: Uint8Array
  readonly decryptionKey: Uint8Array
}

export function generateKeys(machine: Machine, set: ParameterSet, seed: Uint8Array): EncodedKeys {
  const { run, memory } = machine
  const { rows, eta } = set
  const expanded = machine.hash('G', seed, Uint8Array.of(rows))
  const matrixSeed = expanded.subarray(0, SEED_BYTES)
  machine.expandMatrix(matrixSeed, set)
  memory.set(expanded.subarray(SEED_BYTES), SEED)
  const [secrets, errors] = [polynomialsOf(SECRET, rows), polynomialsOf(NOISE, rows)]
  for (const [i, polynomial] of [...secrets, ...errors].entries()) {
    run.sampleNoise(polynomial, i, eta)
    run.transform(polynomial)
    run.reduce(polynomial, polynomial)
  }
  const sums = polynomialsOf(PUBLIC, rows)
  for (const [row, polynomial] of sums.entries()) {
    run.multiply(polynomial, entryAddress(row, 0, rows), POLYNOMIAL_BYTES, SECRET, rows)
    run.restore(polynomial, polynomial)
    run.add(polynomial, polynomial, NOISE + row * POLYNOMIAL_BYTES)
  }
  for (const polynomial of [...secrets, ...sums]) run.raise(polynomial, polynomial)

  const encryptionKey = new Uint8Array(set.encapsulationKeyBytes)
  machine.pack(sums, encryptionKey, FULL_BITS)
  encryptionKey.set(matrixSeed, set.secretBytes)
  const decryptionKey = new Uint8Array(set.secretBytes)
  machine.pack(secrets, decryptionKey, FULL_BITS)
  expanded.fill(0)
  return { encryptionKey, decryptionKey }
}

/** Reads the public vector of an encryption key. @returns whether all of it is reduced. @spec FIPS 203 §7.2 */
export function takeEncryptionKey(machine: Machine, set: ParameterSet, encryptionKey: Uint8Array): boolean {
  const polynomials = polynomialsOf(PUBLIC, set.rows)
  machine.unpack(polynomials, encryptionKey, FULL_BITS, false)
  const isReduced = polynomials.filter((polynomial) => machine.run.isReduced(polynomial) === 0).length === 0
  machine.expandMatrix(encryptionKey.subarray(set.secretBytes), set)
  return isReduced
}

/** Encrypts 32 bytes, under the key that was taken, to an address. @param coins 32 bytes */
export function encrypt(machine: Machine, set: ParameterSet, message: Uint8Array, coins: Uint8Array, to: number): void {
  const { run, memory } = machine
  const { rows, eta, uBits, vBits } = set
  machine.unpack([MESSAGE], message, 1, true)
  memory.set(coins, SEED)
  for (const [i, polynomial] of polynomialsOf(SECRET, rows).entries()) {
    run.sampleNoise(polynomial, i, eta)
    run.transform(polynomial)
    run.reduce(polynomial, polynomial)
  }
  for (const [i, polynomial] of polynomialsOf(NOISE, rows).entries()) run.sampleNoise(polynomial, rows + i, NOISE_ETA)
  for (const [column, polynomial] of polynomialsOf(U, rows).entries()) {
    // The matrix is turned over: a column of it is a row here.
    run.multiply(polynomial, entryAddress(0, column, rows), rows * POLYNOMIAL_BYTES, SECRET, rows)
    run.invert(polynomial)
    run.add(polynomial, polynomial, NOISE + column * POLYNOMIAL_BYTES)
    run.raise(polynomial, polynomial)
    run.compress(to + column * packedBytes(uBits), polynomial, uBits)
  }
  run.multiply(V, PUBLIC, POLYNOMIAL_BYTES, SECRET, rows)
  run.invert(V)
  run.sampleNoise(NOISE, 2 * rows, NOISE_ETA)
  run.add(V, V, NOISE)
  run.add(V, V, MESSAGE)
  run.raise(V, V)
  run.compress(to + rows * packedBytes(uBits), V, vBits)
}

/** Decrypts `CIPHERTEXT`. @param decryptionKey begins with the secret @returns 32 bytes */
export function decrypt(machine: Machine, set: ParameterSet, decryptionKey: Uint8Array): Uint8Array {
  const { run, memory } = machine
  const { rows, uBits, vBits } = set
  const ciphertext = memory.subarray(CIPHERTEXT, CIPHERTEXT + set.ciphertextBytes)
  const u = polynomialsOf(U, rows)
  machine.unpack(u, ciphertext, uBits, true)
  machine.unpack([V], ciphertext.subarray(rows * packedBytes(uBits)), vBits, true)
  machine.unpack(polynomialsOf(SECRET, rows), decryptionKey, FULL_BITS, false)
  for (const polynomial of u) {
    run.transform(polynomial)
    run.reduce(polynomial, polynomial)
  }
  run.multiply(MESSAGE, SECRET, POLYNOMIAL_BYTES, U, rows)
  run.invert(MESSAGE)
  run.subtract(V, V, MESSAGE)
  run.raise(V, V)
  run.compress(PACKED, V, 1)
  return memory.slice(PACKED, PACKED + SEED_BYTES)
}
