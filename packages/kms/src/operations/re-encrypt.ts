/**
 * ReEncrypt: from one key or context to another inside the HSM.
 *
 * Both keys are found, authorized and asked for their state before the source is opened: if the destination refuses,
 * it refuses while the plaintext does not exist.
 *
 * @spec KMS operations, ReEncrypt
 */

import { reencryptBlob } from '@softkms/envelope'
import { currentVersion } from '@softkms/lifecycle'
import { arnOf } from '../key/key.ts'
import { currentMaterial } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import { type CiphertextTarget, assertCiphertextNamed, resolveCiphertext } from './ciphertext-target.ts'
import { assertContext, assertEncryptionAlgorithm, withOneCiphertextError } from './cryptographic-checks.ts'

export const reEncrypt: Operation<'ReEncrypt', { source: CiphertextTarget; destination: Target }> = {
  name: 'ReEncrypt',
  quota: 'symmetricCryptography',
  isReadOnly: true,
  audited: [
    'DestinationEncryptionAlgorithm',
    'DestinationEncryptionContext',
    'DestinationKeyId',
    'SourceEncryptionAlgorithm',
    'SourceEncryptionContext',
    'SourceKeyId',
  ],
  targets: {
    source: {
      action: 'kms:ReEncryptFrom',
      usage: 'ENCRYPT_DECRYPT',
      isNamedByCiphertext: (input) => input.SourceKeyId === undefined,
      resolve: (input, context, action) => resolveCiphertext(input, input.SourceKeyId, context, action),
    },
    destination: keyNamedBy('DestinationKeyId', 'any', { action: 'kms:ReEncryptTo', usage: 'ENCRYPT_DECRYPT' }),
  },

  check(input) {
    assertCiphertextNamed(input, 'SourceKeyId', input.SourceKeyId)
    assertContext(input.SourceEncryptionContext)
    assertContext(input.DestinationEncryptionContext)
  },

  async perform({ targets }, input, { hsm, store }) {
    const { source, destination } = targets
    assertEncryptionAlgorithm(source.key, input.SourceEncryptionAlgorithm)
    assertEncryptionAlgorithm(destination.key, input.DestinationEncryptionAlgorithm)
    const { sealed } = source
    // A dry run without a ciphertext has nothing to open, and no answer either.
    if (sealed === undefined) return {}
    const material = await currentMaterial(store, destination.key)
    const blob = await withOneCiphertextError(() =>
      reencryptBlob(
        hsm,
        { key: sealed.opening, context: input.SourceEncryptionContext },
        { key: material, context: input.DestinationEncryptionContext },
      ),
    )
    return {
      CiphertextBlob: blob,
      SourceKeyId: arnOf(source.key),
      KeyId: arnOf(destination.key),
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      SourceKeyMaterialId: sealed.materialId,
      DestinationKeyMaterialId: currentVersion(destination.key.life).materialId,
    }
  },
}
