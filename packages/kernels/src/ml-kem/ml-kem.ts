/**
 * ML-KEM, as functions: keys out of seeds, secrets for who has the public half, and the same secrets for who has both.
 *
 * The kernel keeps the matrix of the key that it used last, which is public; besides that nothing is left in its memory
 * when a function returns. Decapsulation keys are the standard's own encoding, and their owner's.
 *
 * @spec FIPS 203 §6
 */

import { assertLength } from '../assert-length.ts'
import { instantiate } from '../host.ts'
import { decrypt, encrypt, generateKeys, takeEncryptionKey } from './encrypt.ts'
import { CIPHERTEXT, EXPECTED, SEED } from './layout.ts'
import { Machine } from './machine.ts'
import { type MlKemParameters, PARAMETER_SETS, SEED_BYTES } from './parameters.ts'
import { type MlKemExports, assembleMlKem } from './program.ts'

export interface MlKemKernel {
  /** @param seed 64 bytes: d and z. @spec FIPS 203 §6.1 (algorithm 16) */
  generate(
    parameters: MlKemParameters,
    seed: Uint8Array,
  ): { readonly encapsulationKey: Uint8Array; readonly decapsulationKey: Uint8Array }
  /**
   * @param message 32 fresh bytes
   * @returns `undefined` for a key with a coefficient that is not reduced. @spec FIPS 203 §6.2 (algorithm 17), §7.2
   */
  encapsulate(
    parameters: MlKemParameters,
    encapsulationKey: Uint8Array,
    message: Uint8Array,
  ): { readonly sharedSecret: Uint8Array; readonly ciphertext: Uint8Array } | undefined
  /**
   * Whether the ciphertext is genuine shows in nothing but the secret.
   *
   * @returns 32 bytes, pseudo-random ones for a ciphertext that is none. @spec FIPS 203 §6.3 (algorithm 18)
   */
  decapsulate(parameters: MlKemParameters, decapsulationKey: Uint8Array, ciphertext: Uint8Array): Uint8Array
}

/** Within `SEED`, behind what hashes use: the secret, and what takes its place. */
const SHARED: number = SEED + 128
const REJECTED: number = SHARED + SEED_BYTES

export async function createMlKemKernel(): Promise<MlKemKernel> {
  const machine = new Machine((await instantiate(assembleMlKem())) as MlKemExports)
  const { run, memory } = machine
  const clean = <Result>(compute: () => Result): Result => {
    try {
      return compute()
    } finally {
      run.zeroize()
    }
  }
  return {
    generate(parameters, seed) {
      const set = PARAMETER_SETS[parameters]
      assertLength('seed', seed, 2 * SEED_BYTES)
      return clean(() => {
        const { encryptionKey, decryptionKey } = generateKeys(machine, set, seed.subarray(0, SEED_BYTES))
        const decapsulationKey = new Uint8Array(set.decapsulationKeyBytes)
        decapsulationKey.set(decryptionKey)
        decapsulationKey.set(encryptionKey, set.secretBytes)
        decapsulationKey.set(machine.hash('H', encryptionKey), set.decapsulationKeyBytes - 2 * SEED_BYTES)
        decapsulationKey.set(seed.subarray(SEED_BYTES), set.decapsulationKeyBytes - SEED_BYTES)
        decryptionKey.fill(0)
        return { encapsulationKey: encryptionKey, decapsulationKey }
      })
    },

    encapsulate(parameters, encapsulationKey, message) {
      const set = PARAMETER_SETS[parameters]
      assertLength('encapsulationKey', encapsulationKey, set.encapsulationKeyBytes)
      assertLength('message', message, SEED_BYTES)
      return clean(() => {
        if (!takeEncryptionKey(machine, set, encapsulationKey)) return undefined
        const keys = machine.hash('G', message, machine.hash('H', encapsulationKey))
        encrypt(machine, set, message, keys.subarray(SEED_BYTES), CIPHERTEXT)
        const sharedSecret = keys.slice(0, SEED_BYTES)
        keys.fill(0)
        return { sharedSecret, ciphertext: memory.slice(CIPHERTEXT, CIPHERTEXT + set.ciphertextBytes) }
      })
    },

    decapsulate(parameters, decapsulationKey, ciphertext) {
      const set = PARAMETER_SETS[parameters]
      assertLength('decapsulationKey', decapsulationKey, set.decapsulationKeyBytes)
      assertLength('ciphertext', ciphertext, set.ciphertextBytes)
      return clean(() => {
        const publicAt = set.secretBytes
        const hashAt = publicAt + set.encapsulationKeyBytes
        memory.set(ciphertext, CIPHERTEXT)
        const message = decrypt(machine, set, decapsulationKey)
        const keys = machine.hash('G', message, decapsulationKey.subarray(hashAt, hashAt + SEED_BYTES))
        const rejected = machine.hash('J', decapsulationKey.subarray(hashAt + SEED_BYTES), ciphertext)
        takeEncryptionKey(machine, set, decapsulationKey.subarray(publicAt, hashAt))
        encrypt(machine, set, message, keys.subarray(SEED_BYTES), EXPECTED)
        memory.set(keys.subarray(0, SEED_BYTES), SHARED)
        memory.set(rejected, REJECTED)
        run.replaceUnlessSame(SHARED, REJECTED, set.ciphertextBytes)
        for (const secret of [message, keys, rejected]) secret.fill(0)
        return memory.slice(SHARED, SHARED + SEED_BYTES)
      })
    },
  }
}
