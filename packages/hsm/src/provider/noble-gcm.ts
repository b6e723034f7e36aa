/** AES-256-GCM from @noble/ciphers. */

import { gcm } from '@noble/ciphers/aes.js'
import type { GcmPrimitives } from '../symmetric-primitives.ts'

export const nobleGcm: GcmPrimitives = {
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
}
