/** VerifyMac: yes, or `KMSInvalidMacException`; never a no. @spec KMS operations, VerifyMac */

import { assertAlgorithm } from '../algorithm/algorithm-checks.ts'
import { KmsError } from '../errors.ts'
import { arnOf } from '../key/key.ts'
import { currentToken } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const verifyMac: Operation<'VerifyMac', { key: Target }> = {
  name: 'VerifyMac',
  quota: 'symmetricCryptography',
  isReadOnly: true,
  audited: ['KeyId', 'MacAlgorithm'],
  targets: { key: keyNamedBy('KeyId', 'any', { usage: 'GENERATE_VERIFY_MAC' }) },

  async perform({ targets }, { Message: message, MacAlgorithm: algorithm, Mac: mac }, { hsm, store }) {
    const { key } = targets.key
    assertAlgorithm(key, algorithm)
    const token = await currentToken(store, key)
    if (!(await hsm.verifyMac({ token, algorithm, message, mac }))) throw new KmsError('KMSInvalidMacException')
    return { KeyId: arnOf(key), MacValid: true, MacAlgorithm: algorithm }
  },
}
