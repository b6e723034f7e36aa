/** Sign: a signature over a message, a digest or μ. @spec KMS operations, Sign */

import { assertAlgorithm, assertMessage } from '../algorithm/algorithm-checks.ts'
import { arnOf } from '../key/key.ts'
import { currentToken } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const sign: Operation<'Sign', { key: Target }> = {
  name: 'Sign',
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
    return {
      KeyId: arnOf(key),
      Signature: await hsm.sign({ token, algorithm, messageType, message }),
      SigningAlgorithm: algorithm,
    }
  },
}
