/**
 * ML-DSA and ML-KEM from @noble/post-quantum.
 *
 * A prepared key holds the expanded private key until `zeroize`, and computes nothing afterwards: with zeros for a key it
 * would still answer. The seed stays its owner's.
 */

import { shake256 } from '@noble/hashes/sha3.js'
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js'
import { ml_kem1024, ml_kem512, ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import type { LatticePrimitives, MlDsaParameters, MlKemParameters } from '../asymmetric-primitives.ts'
import { drawBytes } from '../entropy.ts'

const ML_DSA = {
  'ML-DSA-44': ml_dsa44,
  'ML-DSA-65': ml_dsa65,
  'ML-DSA-87': ml_dsa87,
} as const satisfies Readonly<Record<MlDsaParameters, unknown>>

const ML_KEM = {
  'ML-KEM-512': ml_kem512,
  'ML-KEM-768': ml_kem768,
  'ML-KEM-1024': ml_kem1024,
} as const satisfies Readonly<Record<MlKemParameters, unknown>>

const RND_LENGTH = 32
const MESSAGE_LENGTH = 32
const HASH_LENGTH = 64

/** What stands before a message in the pure scheme: 0, and the length of an empty context. @spec FIPS 204 §5.2 */
const PURE_PREFIX = Uint8Array.of(0, 0)

export const nobleLattice: LatticePrimitives = {
  createMlDsaKey(parameters, seed) {
    const { internal } = ML_DSA[parameters]
    const { publicKey, secretKey } = internal.keygen(seed)
    let isZeroized = false
    return {
      publicKey,
      sign(mu, entropy) {
        assertKept(isZeroized)
        const rnd = drawBytes(entropy, RND_LENGTH)
        try {
          return internal.sign(mu, secretKey, { externalMu: true, extraEntropy: rnd })
        } finally {
          rnd.fill(0)
        }
      },
      zeroize() {
        isZeroized = true
        secretKey.fill(0)
      },
    }
  },

  computeMlDsaMu(publicKey, message) {
    const publicKeyHash = shake256(publicKey, { dkLen: HASH_LENGTH })
    const mu = shake256.create({ dkLen: HASH_LENGTH })
    return mu.update(publicKeyHash).update(PURE_PREFIX).update(message).digest()
  },

  verifyMlDsa(parameters, publicKey, mu, signature) {
    return ML_DSA[parameters].internal.verify(signature, mu, publicKey, { externalMu: true })
  },

  createMlKemKey(parameters, seed) {
    const scheme = ML_KEM[parameters]
    const { publicKey, secretKey } = scheme.keygen(seed)
    // The matrix, which is public, is expanded once: that halves the time of a decapsulation.
    const prepared = scheme.prepare(publicKey)
    let isZeroized = false
    return {
      encapsulationKey: publicKey,
      decapsulate(ciphertext) {
        assertKept(isZeroized)
        return prepared.decapsulate(ciphertext, secretKey)
      },
      zeroize() {
        isZeroized = true
        secretKey.fill(0)
        prepared.clean()
      },
    }
  },

  encapsulate(parameters, encapsulationKey, entropy) {
    const scheme = ML_KEM[parameters]
    if (!isReduced(encapsulationKey)) return undefined
    const message = drawBytes(entropy, MESSAGE_LENGTH)
    try {
      const { sharedSecret, cipherText } = scheme.encapsulate(encapsulationKey, message)
      // noble's secret is a window on a longer buffer; a copy leaves nothing beside it.
      const result = { sharedSecret: sharedSecret.slice(), ciphertext: cipherText }
      sharedSecret.fill(0)
      return result
    } finally {
      message.fill(0)
    }
  },
}

function assertKept(isZeroized: boolean): void {
  if (isZeroized) throw new TypeError('The key was zeroized.')
}

const MODULUS = 3329
const RHO_LENGTH = 32

/** The modulus check: every 12-bit coefficient is below q. @spec FIPS 203 §7.2 */
function isReduced(encapsulationKey: Uint8Array): boolean {
  let isBelow = true
  for (let i = 0; i + 2 < encapsulationKey.length - RHO_LENGTH; i += 3) {
    const low = encapsulationKey[i] ?? 0
    const middle = encapsulationKey[i + 1] ?? 0
    const high = encapsulationKey[i + 2] ?? 0
    const first = low | ((middle & 0x0f) << 8)
    const second = (middle >> 4) | (high << 4)
    if (first >= MODULUS || second >= MODULUS) isBelow = false
  }
  return isBelow
}
