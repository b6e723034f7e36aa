/**
 * Decrypt: the plaintext of a blob, under whichever version of the key sealed it, or of an RSA ciphertext.
 *
 * @spec KMS operations, Decrypt
 */

import { chooseAlgorithm, sourceOf } from '../cipher/cipher.ts'
import { arnOf } from '../key/key.ts'
import type { Operation } from '../operation.ts'
import { type CiphertextTarget, assertCiphertextNamed, materialIdOf, resolveCiphertext } from './ciphertext-target.ts'
import { refuseRecipient, withOneCiphertextError } from './cryptographic-checks.ts'

export const decrypt: Operation<'Decrypt', { key: CiphertextTarget }> = {
  name: 'Decrypt',
  quota: 'cryptography',
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
    assertCiphertextNamed(input, { member: 'KeyId', keyId: input.KeyId, algorithm: input.EncryptionAlgorithm })
    refuseRecipient(input.Recipient)
  },

  async perform({ targets }, input, { hsm, store }) {
    const { key } = targets.key
    const { EncryptionContext: context } = input
    const algorithm = chooseAlgorithm(key, { algorithm: input.EncryptionAlgorithm, context })
    const { ciphertext } = targets.key
    // A dry run without a ciphertext has nothing to open, and no answer either.
    if (ciphertext === undefined) return {}
    const source = await sourceOf(store, { key, ciphertext }, algorithm, context)
    const materialId = materialIdOf(targets.key)
    return {
      KeyId: arnOf(key),
      Plaintext: await withOneCiphertextError(() => hsm.open(source)),
      EncryptionAlgorithm: algorithm,
      ...(materialId === undefined ? {} : { KeyMaterialId: materialId }),
    }
  },
}
