/** Encrypt: up to 4096 bytes under the key's current material. @spec KMS operations, Encrypt */

import { sealBlob } from '@softkms/envelope'
import { arnOf } from '../key/key.ts'
import { currentMaterial } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import { assertContext, assertEncryptionAlgorithm } from './cryptographic-checks.ts'

export const encrypt: Operation<'Encrypt', { key: Target }> = {
  name: 'Encrypt',
  quota: 'symmetricCryptography',
  isReadOnly: true,
  audited: ['KeyId', 'EncryptionContext', 'EncryptionAlgorithm'],
  targets: { key: keyNamedBy('KeyId', 'any', { usage: 'ENCRYPT_DECRYPT' }) },

  check(input) {
    assertContext(input.EncryptionContext)
  },

  async perform({ targets }, input, { hsm, store }) {
    const { key } = targets.key
    assertEncryptionAlgorithm(key, input.EncryptionAlgorithm)
    const material = await currentMaterial(store, key)
    return {
      CiphertextBlob: await sealBlob(hsm, material, input.Plaintext, input.EncryptionContext),
      KeyId: arnOf(key),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    }
  },
}
