/**
 * Decapsulate: the shared secret of a ciphertext; for a bad one of the right length, another secret.
 *
 * @spec KMS operations, Decapsulate; FIPS 203 §7.3
 */

import { assertAlgorithm } from '../algorithm/algorithm-checks.ts'
import { arnOf } from '../key/key.ts'
import { currentToken } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import { withOneCiphertextError } from './cryptographic-checks.ts'

export const decapsulate: Operation<'Decapsulate', { key: Target }> = {
  name: 'Decapsulate',
  quota: 'cryptography',
  isReadOnly: true,
  audited: ['KeyId', 'EncapsulationAlgorithm'],
  targets: { key: keyNamedBy('KeyId', 'any', { usage: 'ENCAPSULATE_DECAPSULATE' }) },

  async perform({ targets }, input, { hsm, store }) {
    const { key } = targets.key
    const { EncapsulationAlgorithm: algorithm, SharedSecretCiphertextBlob: ciphertext } = input
    assertAlgorithm(key, algorithm)
    const token = await currentToken(store, key)
    return {
      KeyId: arnOf(key),
      SharedSecret: await withOneCiphertextError(() => hsm.decapsulate({ token, algorithm, ciphertext })),
      EncapsulationAlgorithm: algorithm,
    }
  },
}
