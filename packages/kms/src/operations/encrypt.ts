/** Encrypt: up to 4096 bytes under a symmetric key, fewer under RSA. @spec KMS operations, Encrypt */

import { chooseAlgorithm, destinationOf, withRsaLimit } from '../cipher/cipher.ts'
import { arnOf } from '../key/key.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const encrypt: Operation<'Encrypt', { key: Target }> = {
  name: 'Encrypt',
  quota: 'cryptography',
  isReadOnly: true,
  audited: ['KeyId', 'EncryptionContext', 'EncryptionAlgorithm'],
  targets: { key: keyNamedBy('KeyId', 'any', { usage: 'ENCRYPT_DECRYPT' }) },

  async perform({ targets }, input, { hsm, store }) {
    const { key } = targets.key
    const { EncryptionContext: context, Plaintext: plaintext } = input
    const algorithm = chooseAlgorithm(key, { algorithm: input.EncryptionAlgorithm, context })
    const destination = await destinationOf(store, key, algorithm, context)
    return {
      CiphertextBlob: await withRsaLimit(key, algorithm, () => hsm.seal({ ...destination, plaintext })),
      KeyId: arnOf(key),
      EncryptionAlgorithm: algorithm,
    }
  },
}
