/**
 * For tests only: randomness that repeats, and providers that fail.
 *
 * A subpath of its own (`@softkms/hsm/testing`), so that nothing here is reachable from the main entry.
 */

import type { Entropy } from './entropy.ts'
import type { Provider } from './provider.ts'
import { nobleProvider } from './provider/noble.ts'
import type { SelfTestedAlgorithm } from './self-test.ts'

/**
 * A stream of bytes that a seed determines: HMAC-SHA-256 of a counter under the seed.
 *
 * @param seed any bytes; equal seeds give equal streams
 */
export function testingOnlyEntropy(seed: Uint8Array): Entropy {
  const mac = nobleProvider.createHmac('SHA-256', seed)
  let counter = 0
  let block: Uint8Array = new Uint8Array(0)
  let at = 0
  return {
    fill(bytes) {
      for (let i = 0; i < bytes.length; i++) {
        if (at === block.length) {
          block = mac.compute(Uint8Array.of(counter >>> 24, counter >>> 16, counter >>> 8, counter))
          counter++
          at = 0
        }
        bytes[i] = block[at++] ?? 0
      }
    },
  }
}

/** An algorithm whose answers are to be wrong; AES-GCM can be wrong on its way in alone. */
export type TestingOnlyFault = SelfTestedAlgorithm | 'AES-256-GCM open'

/** The reference provider with one primitive that gives a wrong answer: one bit, every time. */
export function testingOnlyFaultyProvider(fault: TestingOnlyFault): Provider {
  return { ...nobleProvider, name: `noble with a fault in ${fault}`, ...FAULTS[fault] }
}

const FAULTS: Readonly<Record<TestingOnlyFault, Partial<Provider>>> = {
  SHA: { digest: (...args) => flip(nobleProvider.digest(...args)) },
  HMAC: faultyHmac(() => true),
  // What is derived begins with a counter of four bytes; nothing else that is authenticated here does.
  KBKDF: faultyHmac((message) => message[0] === 0 && message[3] === 1),
  'AES-256-GCM': { sealAesGcm: (...args) => flip(nobleProvider.sealAesGcm(...args)) },
  'AES-256-GCM open': { openAesGcm: (...args) => flipIfThere(nobleProvider.openAesGcm(...args)) },
  CTR_DRBG: {
    encryptAes256(key, blocks) {
      nobleProvider.encryptAes256(key, blocks)
      blocks[0] = (blocks[0] ?? 0) ^ 1
    },
  },
  'AES-256-KWP': { wrapAesKwp: (...args) => flip(nobleProvider.wrapAesKwp(...args)) },
  RSA: {
    createRsaPrivateKey(key, entropy) {
      const prepared = nobleProvider.createRsaPrivateKey(key, entropy)
      return { compute: (input) => flipIfThere(prepared.compute(input)), zeroize: () => prepared.zeroize() }
    },
  },
  ECDSA: { signEcdsa: (...args) => flip(nobleProvider.signEcdsa(...args)) },
  ECDH: { deriveEcdh: (...args) => flipIfThere(nobleProvider.deriveEcdh(...args)) },
  Ed25519: { signEd25519: (...args) => flip(nobleProvider.signEd25519(...args)) },
  'ML-DSA': {
    createMlDsaKey(parameters, seed) {
      const key = nobleProvider.createMlDsaKey(parameters, seed)
      return { ...key, sign: (mu, entropy) => flip(key.sign(mu, entropy)) }
    },
  },
  'ML-KEM': {
    createMlKemKey(parameters, seed) {
      const key = nobleProvider.createMlKemKey(parameters, seed)
      return { ...key, decapsulate: (ciphertext) => flip(key.decapsulate(ciphertext)) }
    },
  },
}

function faultyHmac(isHit: (message: Uint8Array) => boolean): Partial<Provider> {
  return {
    createHmac(hash, key) {
      const mac = nobleProvider.createHmac(hash, key)
      const compute = (message: Uint8Array): Uint8Array => {
        const tag = mac.compute(message)
        return isHit(message) ? flip(tag) : tag
      }
      return { compute, zeroize: () => mac.zeroize() }
    },
  }
}

function flip(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))
}

function flipIfThere(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes === undefined ? undefined : flip(bytes)
}
