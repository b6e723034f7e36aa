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

const BLOCK_LENGTH = 16

export const nobleBlock: BlockPrimitives = {
  encryptAes256(key, blocks) {
    const schedule = unsafe.expandKeyLE(key)
    // noble's block function reads the block as 32-bit words and so wants it aligned.
    const block = new Uint8Array(BLOCK_LENGTH)
    for (let at = 0; at < blocks.length; at += BLOCK_LENGTH) {
      block.set(blocks.subarray(at, at + BLOCK_LENGTH))
      blocks.set(unsafe.encryptBlock(schedule, block), at)
    }
    block.fill(0)
    schedule.fill(0)
  },
}
