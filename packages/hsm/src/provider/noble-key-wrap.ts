/** AES-256 as a key wrap and as a bare block cipher, from @noble/ciphers. Its tables do not promise constant time. */

import { aeskwp, unsafe } from '@noble/ciphers/aes.js'
import type { BlockPrimitives, KeyWrapPrimitives } from '../symmetric-primitives.ts'

export const nobleKeyWrap: KeyWrapPrimitives = {
  wrapAesKwp(key, material) {
    return aeskwp(key).encrypt(material)
  },

  unwrapAesKwp(key, wrapped) {
    try {
      return aeskwp(key).decrypt(wrapped)
    } catch {
      // The lengths are checked above this provider, so the integrity check is all that can fail here.
      return undefined
    }
  },
}

export const nobleBlock: BlockPrimitives = {
  createAes256(key) {
    let schedule = unsafe.expandKeyLE(key)
    return {
      encrypt(block) {
        // noble's block function reads the block as 32-bit words and so wants it aligned.
        if (block.byteOffset % 4 === 0) {
          unsafe.encryptBlock(schedule, block)
          return
        }
        const aligned = Uint8Array.from(block)
        block.set(unsafe.encryptBlock(schedule, aligned))
        aligned.fill(0)
      },
      rekey(next) {
        schedule.fill(0)
        schedule = unsafe.expandKeyLE(next)
      },
      zeroize() {
        schedule.fill(0)
      },
    }
  },
}
