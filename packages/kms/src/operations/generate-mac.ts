/** GenerateMac: the whole HMAC of a message. @spec KMS operations, GenerateMac */

import { assertAlgorithm } from '../algorithm/algorithm-checks.ts'
import { arnOf } from '../key/key.ts'
import { currentToken } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const generateMac: Operation<'GenerateMac', { key: Target }> = {
  name: 'GenerateMac',
  quota: 'symmetricCryptography',
  isReadOnly: true,
  audited: ['KeyId', 'MacAlgorithm'],
  targets: { key: keyNamedBy('KeyId', 'any', { usage: 'GENERATE_VERIFY_MAC' }) },

  async perform({ targets }, { Message: message, MacAlgorithm: algorithm }, { hsm, store }) {
    const { key } = targets.key
    assertAlgorithm(key, algorithm)
    const token = await currentToken(store, key)
    return { Mac: await hsm.mac({ token, algorithm, message }), MacAlgorithm: algorithm, KeyId: arnOf(key) }
  },
}
