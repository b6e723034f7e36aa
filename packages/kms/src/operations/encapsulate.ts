/** Encapsulate: a fresh shared secret, and what carries it to the holder of the key. @spec KMS operations, Encapsulate */

import { assertAlgorithm } from '../algorithm/algorithm-checks.ts'
import { arnOf } from '../key/key.ts'
import { currentToken } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const encapsulate: Operation<'Encapsulate', { key: Target }> = {
  name: 'Encapsulate',
  quota: 'cryptography',
  isReadOnly: true,
  audited: ['KeyId', 'EncapsulationAlgorithm'],
  targets: { key: keyNamedBy('KeyId', 'any', { usage: 'ENCAPSULATE_DECAPSULATE' }) },

  async perform({ targets }, { EncapsulationAlgorithm: algorithm }, { hsm, store }) {
    const { key } = targets.key
    assertAlgorithm(key, algorithm)
    const token = await currentToken(store, key)
    const { sharedSecret, ciphertext } = await hsm.encapsulate({ token, algorithm })
    return {
      KeyId: arnOf(key),
      SharedSecret: sharedSecret,
      SharedSecretCiphertextBlob: ciphertext,
      EncapsulationAlgorithm: algorithm,
    }
  },
}
