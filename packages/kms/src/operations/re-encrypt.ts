/**
 * ReEncrypt: from one key or context to another inside the HSM.
 *
 * Both keys are found, authorized and asked for their state before the source is opened: if the destination refuses,
 * it refuses while the plaintext does not exist.
 *
 * @spec KMS operations, ReEncrypt
 */

import { chooseAlgorithm, destinationOf, sourceOf, withRsaLimit } from '../cipher/cipher.ts'
import { isSymmetric } from '../key/capability.ts'
import { arnOf } from '../key/key.ts'
import { currentMaterialId } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import { type CiphertextTarget, assertCiphertextNamed, materialIdOf, resolveCiphertext } from './ciphertext-target.ts'
import { withOneCiphertextError } from './cryptographic-checks.ts'

export const reEncrypt: Operation<'ReEncrypt', { source: CiphertextTarget; destination: Target }> = {
  name: 'ReEncrypt',
  quota: 'cryptography',
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
    const { SourceKeyId: keyId, SourceEncryptionAlgorithm: algorithm } = input
    assertCiphertextNamed(input, { member: 'SourceKeyId', keyId, algorithm })
  },

  async perform({ targets }, input, { hsm, store }) {
    const { source, destination } = targets
    const { SourceEncryptionContext: sourceContext, DestinationEncryptionContext: context } = input
    const from = chooseAlgorithm(source.key, { algorithm: input.SourceEncryptionAlgorithm, context: sourceContext })
    const to = chooseAlgorithm(destination.key, { algorithm: input.DestinationEncryptionAlgorithm, context })
    const { ciphertext } = source
    // A dry run without a ciphertext has nothing to open, and no answer either.
    if (ciphertext === undefined) return {}
    const command = {
      source: await sourceOf(store, { key: source.key, ciphertext }, from, sourceContext),
      destination: await destinationOf(store, destination.key, to, context),
    }
    const sourceMaterialId = materialIdOf(source)
    return {
      CiphertextBlob: await withOneCiphertextError(() => withRsaLimit(destination.key, to, () => hsm.reseal(command))),
      SourceKeyId: arnOf(source.key),
      KeyId: arnOf(destination.key),
      SourceEncryptionAlgorithm: from,
      DestinationEncryptionAlgorithm: to,
      ...(sourceMaterialId === undefined ? {} : { SourceKeyMaterialId: sourceMaterialId }),
      ...(isSymmetric(destination.key) ? { DestinationKeyMaterialId: currentMaterialId(destination.key) } : {}),
    }
  },
}
