/**
 * For tests only: randomness that repeats, and providers that fail.
 *
 * A subpath of its own (`@softkms/hsm/testing`), so that nothing here is reachable from the main entry.
 */

import type { Entropy } from './entropy.ts'
import type { Provider } from './provider.ts'
import { nobleProvider } from './provider/noble.ts'

/**
 * A stream of bytes that a seed determines: HMAC-SHA-256 of a counter under the seed.
 *
 * @param seed any bytes; equal seeds give equal streams
 */
export function testingOnlyEntropy(seed: Uint8Array): Entropy {
  const mac = nobleProvider.createHmacSha256(seed)
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

export type TestingOnlyFault = 'AES-256-GCM seal' | 'AES-256-GCM open' | 'HMAC-SHA-256'

/** The reference provider with one primitive that gives a wrong answer: one bit, every time. */
export function testingOnlyFaultyProvider(fault: TestingOnlyFault): Provider {
  const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))
  return {
    name: `noble with a fault in ${fault}`,
    sealAesGcm(key, nonce, additionalData, plaintext) {
      const sealed = nobleProvider.sealAesGcm(key, nonce, additionalData, plaintext)
      return fault === 'AES-256-GCM seal' ? flip(sealed) : sealed
    },
    openAesGcm(key, nonce, additionalData, sealed) {
      const plaintext = nobleProvider.openAesGcm(key, nonce, additionalData, sealed)
      return fault === 'AES-256-GCM open' && plaintext !== undefined ? flip(plaintext) : plaintext
    },
    createHmacSha256(key) {
      const mac = nobleProvider.createHmacSha256(key)
      if (fault !== 'HMAC-SHA-256') return mac
      return { compute: (message) => flip(mac.compute(message)), zeroize: () => mac.zeroize() }
    },
  }
}
