/**
 * The reference provider: the audited @noble libraries, as they are.
 *
 * Runs wherever JavaScript runs. Its AES uses tables, so it does not promise constant time; SECURITY.md says more.
 */

import { gcm } from '@noble/ciphers/aes.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { MacKey, Provider } from '../provider.ts'

export const nobleProvider: Provider = {
  name: 'noble',

  sealAesGcm(key, nonce, additionalData, plaintext) {
    return gcm(key, nonce, additionalData).encrypt(plaintext)
  },

  openAesGcm(key, nonce, additionalData, sealed) {
    try {
      return gcm(key, nonce, additionalData).decrypt(sealed)
    } catch {
      // The lengths are checked above this provider, so the tag is all that can be wrong here.
      return undefined
    }
  },

  createHmacSha256(key): MacKey {
    // The two padded-key blocks are hashed once; each message starts from a copy of that state.
    const prepared = hmac.create(sha256, key)
    return {
      compute(message) {
        return prepared.clone().update(message).digest()
      },
      zeroize() {
        prepared.destroy()
      },
    }
  },
}
