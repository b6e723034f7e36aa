/** GenerateDataKey: a data key in the clear and sealed. @spec KMS crypto-details §5 */

import { generateDataKey as drawDataKey } from '@softkms/envelope'
import { assertSymmetric } from '../key/capability.ts'
import { arnOf } from '../key/key.ts'
import { currentMaterial, currentMaterialId } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import { dataKeyLength, refuseRecipient } from './cryptographic-checks.ts'

export const generateDataKey: Operation<'GenerateDataKey', { key: Target }> = {
  name: 'GenerateDataKey',
  quota: 'symmetricCryptography',
  isReadOnly: true,
  audited: ['KeyId', 'EncryptionContext', 'KeySpec', 'NumberOfBytes'],
  targets: { key: keyNamedBy('KeyId', 'any', { usage: 'ENCRYPT_DECRYPT' }) },

  check(input) {
    dataKeyLength(input)
    refuseRecipient(input.Recipient)
  },

  async perform({ targets }, input, { hsm, store }) {
    const { key } = targets.key
    assertSymmetric(key, 'GenerateDataKey')
    const material = await currentMaterial(store, key)
    const { blob, plaintext } = await drawDataKey(hsm, material, dataKeyLength(input), input.EncryptionContext)
    return {
      CiphertextBlob: blob,
      Plaintext: plaintext,
      KeyId: arnOf(key),
      KeyMaterialId: currentMaterialId(key),
    }
  },
}
