/** AES-256-GCM and AES-256 as the boundary asks for them, from their kernel. */

import type { AesGcmKernel } from '@softkms/kernels'
import { passesAesGcmCast } from '../../algorithms/aes-gcm/cast.ts'
import { GCM_TAG_LENGTH } from '../../algorithms/aes-gcm/aes-gcm.ts'
import { passesCtrDrbgCast } from '../../algorithms/ctr-drbg/cast.ts'
import type { BlockPrimitives, GcmPrimitives } from '../../symmetric-primitives.ts'
import { nobleProvider } from '../noble.ts'

export type AesPrimitives = GcmPrimitives & BlockPrimitives

export async function loadAes(create: () => Promise<AesGcmKernel>): Promise<AesPrimitives> {
  const kernel = await create()
  return {
    sealAesGcm(key, nonce, additionalData, plaintext, into) {
      const sealed = into ?? new Uint8Array(plaintext.length + GCM_TAG_LENGTH)
      kernel.seal(key, nonce, [additionalData], plaintext, sealed)
      return sealed
    },

    openAesGcm(key, nonce, additionalData, sealed) {
      const plaintext = new Uint8Array(sealed.length - GCM_TAG_LENGTH)
      return kernel.open(key, nonce, [additionalData], sealed, plaintext) ? plaintext : undefined
    },

    encryptAes256: (key, blocks) => kernel.encryptBlocks(key, blocks),
  }
}

export function passesAes(aes: AesPrimitives): boolean {
  return passesAesGcmCast({ ...nobleProvider, ...aes }) && passesCtrDrbgCast(aes)
}
