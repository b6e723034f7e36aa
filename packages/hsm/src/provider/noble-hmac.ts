/** HMAC for every hash of the API, from @noble/hashes. */

import { hmac } from '@noble/hashes/hmac.js'
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import type { MacHash, MacPrimitives } from '../symmetric-primitives.ts'

const HASHES = {
  'SHA-224': sha224,
  'SHA-256': sha256,
  'SHA-384': sha384,
  'SHA-512': sha512,
} as const satisfies Readonly<Record<MacHash, unknown>>

export const nobleHmac: MacPrimitives = {
  createHmac(hash, key) {
    // The two padded-key blocks are hashed once; each message starts from a copy of that state.
    const prepared = hmac.create(HASHES[hash], key)
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
