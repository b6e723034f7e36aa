/** GenerateDataKeyPair: a key pair, its private half in the clear and sealed. @spec KMS crypto-details §5 */

import { generateDataKeyPair as drawDataKeyPair } from '@softkms/envelope'
import { assertDataKeyPairSpec } from '../algorithm/data-key-pair-spec.ts'
import { arnOf } from '../key/key.ts'
import { assertSymmetric } from '../key/capability.ts'
import { currentMaterial, currentMaterialId } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import { quotaOfKeyPair } from '../quota/quota-of.ts'
import { refuseRecipient } from './cryptographic-checks.ts'

export const generateDataKeyPair: Operation<'GenerateDataKeyPair', { key: Target }> = {
  name: 'GenerateDataKeyPair',
  quota: (input) => quotaOfKeyPair(input.KeyPairSpec),
  isReadOnly: true,
  audited: ['KeyId', 'EncryptionContext', 'KeyPairSpec'],
  targets: { key: keyNamedBy('KeyId', 'any', { usage: 'ENCRYPT_DECRYPT' }) },

  check(input, { region }) {
    assertDataKeyPairSpec(input.KeyPairSpec, region)
    refuseRecipient(input.Recipient)
  },

  async perform({ targets }, { KeyPairSpec: spec, EncryptionContext: context }, { hsm, store, scope }) {
    const { key } = targets.key
    assertSymmetric(key, 'GenerateDataKeyPair')
    assertDataKeyPairSpec(spec, scope.region)
    const material = await currentMaterial(store, key)
    const { blob, publicKey, plaintext } = await drawDataKeyPair(hsm, material, spec, context)
    return {
      PrivateKeyCiphertextBlob: blob,
      PrivateKeyPlaintext: plaintext,
      PublicKey: publicKey,
      KeyId: arnOf(key),
      KeyPairSpec: spec,
      KeyMaterialId: currentMaterialId(key),
    }
  },
}
