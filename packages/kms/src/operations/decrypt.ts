/**
 * Decrypt: the plaintext of a blob, under whichever version of the key sealed it.
 *
 * @spec KMS operations, Decrypt
 */

import { openBlob } from '@softkms/envelope'
import { arnOf } from '../key/key.ts'
import type { Operation } from '../operation.ts'
import { type CiphertextTarget, assertCiphertextNamed, resolveCiphertext } from './ciphertext-target.ts'
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
      resolve: (input, context, action) => resolveCiphertext(input, input.KeyId, context, action),
    },
  },

  check(input) {
    assertCiphertextNamed(input, 'KeyId', input.KeyId)
    assertContext(input.EncryptionContext)
    refuseRecipient(input.Recipient)
  },

  async perform({ targets }, input, { hsm }) {
    const { key, sealed } = targets.key
    assertEncryptionAlgorithm(key, input.EncryptionAlgorithm)
    // A dry run without a ciphertext has nothing to open, and no answer either.
    if (sealed === undefined) return {}
    return {
      KeyId: arnOf(key),
      Plaintext: await withOneCiphertextError(() => openBlob(hsm, sealed.opening, input.EncryptionContext)),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      KeyMaterialId: sealed.materialId,
    }
  },
}
