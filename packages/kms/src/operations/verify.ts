/** Verify: yes, or `KMSInvalidSignatureException`; never a no. @spec KMS operations, Verify */

import { assertAlgorithm, assertMessage } from '../algorithm/algorithm-checks.ts'
import { KmsError } from '../errors.ts'
import { arnOf } from '../key/key.ts'
import { currentToken } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const verify: Operation<'Verify', { key: Target }> = {
  name: 'Verify',
  quota: 'cryptography',
  isReadOnly: true,
  audited: ['KeyId', 'MessageType', 'SigningAlgorithm'],
  targets: { key: keyNamedBy('KeyId', 'any', { usage: 'SIGN_VERIFY' }) },

  async perform({ targets }, input, { hsm, store }) {
    const { key } = targets.key
    const { Message: message, MessageType: messageType = 'RAW', SigningAlgorithm: algorithm } = input
    assertAlgorithm(key, algorithm)
    assertMessage(algorithm, messageType, message)
    const token = await currentToken(store, key)
    if (!(await hsm.verify({ token, algorithm, messageType, message, signature: input.Signature }))) {
      throw new KmsError('KMSInvalidSignatureException')
    }
    return { KeyId: arnOf(key), SignatureValid: true, SigningAlgorithm: algorithm }
  },
}
