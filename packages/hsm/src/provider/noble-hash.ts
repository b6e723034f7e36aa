/** Digests, from @noble/hashes. */

import { sha1 } from '@noble/hashes/legacy.js'
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import type { HashName, HashPrimitives } from '../asymmetric-primitives.ts'

const HASHES = {
  'SHA-1': sha1,
  'SHA-224': sha224,
  'SHA-256': sha256,
  'SHA-384': sha384,
  'SHA-512': sha512,
} as const satisfies Readonly<Record<HashName, unknown>>

export const nobleHash: HashPrimitives = {
  digest(hash, ...parts) {
    const state = HASHES[hash].create()
    for (const part of parts) state.update(part)
    return state.digest()
  },

  createHash(hash) {
    const state = HASHES[hash].create()
    return {
      update(part) {
        state.update(part)
      },
      digest: () => state.digest(),
    }
  },
}
