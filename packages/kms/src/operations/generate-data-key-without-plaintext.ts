/** GenerateDataKeyWithoutPlaintext: a data key that only Decrypt will show. @spec KMS crypto-details §5 */

import { generateDataKeyWithoutPlaintext as drawDataKey } from '@softkms/envelope'
import { assertSymmetric } from '../key/capability.ts'
import { arnOf } from '../key/key.ts'
import { currentMaterial, currentMaterialId } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import { dataKeyLength } from './cryptographic-checks.ts'

export const generateDataKeyWithoutPlaintext: Operation<'GenerateDataKeyWithoutPlaintext', { key: Target }> = {
  name: 'GenerateDataKeyWithoutPlaintext',
  quota: 'symmetricCryptography',
  isReadOnly: true,
  audited: ['KeyId', 'EncryptionContext', 'KeySpec', 'NumberOfBytes'],
  targets: { key: keyNamedBy('KeyId', 'any', { usage: 'ENCRYPT_DECRYPT' }) },

  check(input) {
    dataKeyLength(input)
  },

  async perform({ targets }, input, { hsm, store }) {
    const { key } = targets.key
    assertSymmetric(key, 'GenerateDataKeyWithoutPlaintext')
    const material = await currentMaterial(store, key)
    return {
      CiphertextBlob: await drawDataKey(hsm, material, dataKeyLength(input), input.EncryptionContext),
      KeyId: arnOf(key),
      KeyMaterialId: currentMaterialId(key),
    }
  },
}
