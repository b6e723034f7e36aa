/**
 * Cryptography by node:crypto, but that an RSA key of one length is always the same one: for tests that need a wrapping
 * key at every turn, and no secret.
 */
import type { Provider, RsaPrivateNumbers } from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'

export function createRepeatedRsaProvider(): Provider {
  const native = createNativeProvider()
  const made = new Map<number, RsaPrivateNumbers>()
  return {
    ...native,
    generateRsaKey(modulusBits, entropy) {
      const numbers = made.get(modulusBits) ?? native.generateRsaKey(modulusBits, entropy)
      made.set(modulusBits, numbers)
      // Whoever asks owns what it gets, and zeroizes it.
      return structuredClone(numbers)
    },
  }
}
