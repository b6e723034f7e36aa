/** GenerateDataKeyPairWithoutPlaintext: a key pair whose private half only Decrypt will show. @spec KMS crypto-details §5 */

import { generateDataKeyPairWithoutPlaintext as drawDataKeyPair } from '@softkms/envelope'
import { assertDataKeyPairSpec } from '../algorithm/data-key-pair-spec.ts'
import { assertSymmetric } from '../key/capability.ts'
import { arnOf } from '../key/key.ts'
import { currentMaterial, currentMaterialId } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import { quotaOfKeyPair } from '../quota/quota-of.ts'

export const generateDataKeyPairWithoutPlaintext: Operation<'GenerateDataKeyPairWithoutPlaintext', { key: Target }> = {
  name: 'GenerateDataKeyPairWithoutPlaintext',
  quota: (input) => quotaOfKeyPair(input.KeyPairSpec),
  isReadOnly: true,
  audited: ['KeyId', 'EncryptionContext', 'KeyPairSpec'],
  targets: { key: keyNamedBy('KeyId', 'any', { usage: 'ENCRYPT_DECRYPT' }) },

  check(input, { region }) {
    assertDataKeyPairSpec(input.KeyPairSpec, region)
  },

  async perform({ targets }, { KeyPairSpec: spec, EncryptionContext: context }, { hsm, store, scope }) {
    const { key } = targets.key
    assertSymmetric(key, 'GenerateDataKeyPairWithoutPlaintext')
    assertDataKeyPairSpec(spec, scope.region)
    const material = await currentMaterial(store, key)
    const { blob, publicKey } = await drawDataKeyPair(hsm, material, spec, context)
    return {
      PrivateKeyCiphertextBlob: blob,
      PublicKey: publicKey,
      KeyId: arnOf(key),
      KeyPairSpec: spec,
      KeyMaterialId: currentMaterialId(key),
    }
  },
}
