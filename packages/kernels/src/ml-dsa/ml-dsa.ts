/**
 * ML-DSA, as functions: keys out of seeds, and signatures over the 64-byte representative μ of a message.
 *
 * The kernel keeps the matrix of the public key that it used last, which is public, too; besides that nothing is left in
 * its memory when a function returns. Private keys are the standard's own encoding, and their owner's.
 */

import { assertLength } from '../assert-length.ts'
import { instantiate } from '../host.ts'
import { type EncodedPair, generate } from './generate.ts'
import { SEED } from './layout.ts'
import { Machine } from './machine.ts'
import { HASH_BYTES, type MlDsaParameters, PARAMETER_SETS, SEED_BYTES } from './parameters.ts'
import { type MlDsaExports, assembleMlDsa } from './program.ts'
import { sign } from './sign.ts'
import { verify } from './verify.ts'

export interface MlDsaKernel {
  /** @param seed 32 bytes. @spec FIPS 204 §6.1 */
  generate(parameters: MlDsaParameters, seed: Uint8Array): EncodedPair
  /** μ, of 64 bytes, of what stands before a message and the message. @spec FIPS 204 §6.2 (algorithm 7, step 6) */
  computeMu(publicKey: Uint8Array, ...message: readonly Uint8Array[]): Uint8Array
  /**
   * @param mu 64 bytes
   * @param rnd 32 fresh bytes, or zeros for a signature that depends on key and message alone. @spec FIPS 204 §6.2
   */
  sign(parameters: MlDsaParameters, privateKey: Uint8Array, mu: Uint8Array, rnd: Uint8Array): Uint8Array
  /** @returns `false` also for what is not a signature's encoding. @spec FIPS 204 §6.3 */
  verify(parameters: MlDsaParameters, publicKey: Uint8Array, mu: Uint8Array, signature: Uint8Array): boolean
}

export async function createMlDsaKernel(): Promise<MlDsaKernel> {
  const machine = new Machine((await instantiate(assembleMlDsa())) as MlDsaExports)
  const clean = <Result>(compute: () => Result): Result => {
    try {
      return compute()
    } finally {
      machine.run.zeroize()
    }
  }
  return {
    generate(parameters, seed) {
      assertLength('seed', seed, SEED_BYTES)
      return clean(() => generate(machine, PARAMETER_SETS[parameters], seed))
    },

    computeMu: (publicKey, ...message) =>
      clean(() => {
        machine.hash([publicKey], SEED, HASH_BYTES)
        const publicKeyHash = machine.read(SEED, HASH_BYTES)
        machine.hash([publicKeyHash, ...message], SEED, HASH_BYTES)
        return machine.read(SEED, HASH_BYTES)
      }),

    sign(parameters, privateKey, mu, rnd) {
      const set = PARAMETER_SETS[parameters]
      assertLength('privateKey', privateKey, set.privateKeyBytes)
      assertLength('mu', mu, HASH_BYTES)
      assertLength('rnd', rnd, SEED_BYTES)
      return clean(() => sign(machine, set, privateKey, mu, rnd))
    },

    verify(parameters, publicKey, mu, signature) {
      const set = PARAMETER_SETS[parameters]
      assertLength('publicKey', publicKey, set.publicKeyBytes)
      assertLength('mu', mu, HASH_BYTES)
      assertLength('signature', signature, set.signatureBytes)
      return clean(() => verify(machine, set, publicKey, mu, signature))
    },
  }
}
