/**
 * Decrypt: the plaintext of a blob, under whichever version of the key sealed it.
 *
 * @spec KMS operations, Decrypt
 */

import { openBlob } from '@softkms/envelope'
import { arnOf } from '../key/key.ts'
import type { Operation } from '../operation.ts'
import { type CiphertextTarget, resolveCiphertext } from './ciphertext-target.ts'
import {
  assertContext,
  assertEncryptionAlgorithm,
  refuseRecipient,
  withOneCiphertextError,
} from './cryptographic-checks.ts'

export const decrypt: Operation<'Decrypt', { key: CiphertextTarget }> = {
  name: 'Decrypt',
  quota: 'symmetricCryptography',
  isReadOnly: true,
  audited: ['KeyId', 'EncryptionContext', 'EncryptionAlgorithm'],
  targets: {
    key: {
      usage: 'ENCRYPT_DECRYPT',
      isNamedByCiphertext: (input) => input.KeyId === undefined,
      resolve: (input, context, action) => resolveCiphertext(input.CiphertextBlob, input.KeyId, context, action),
    },
  },

  check(input) {
    assertContext(input.EncryptionContext)
    refuseRecipient(input.Recipient)
  },

  async perform({ targets }, input, { hsm }) {
    const { key, opening, materialId } = targets.key
    assertEncryptionAlgorithm(key, input.EncryptionAlgorithm)
    return {
      KeyId: arnOf(key),
      Plaintext: await withOneCiphertextError(() => openBlob(hsm, opening, input.EncryptionContext)),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      KeyMaterialId: materialId,
    }
  },
}
