/** GetParametersForImport: a wrapping key, and the token that leads back to it. @spec KMS crypto-details §8 */

import { chooseWrapping } from '../import/importable.ts'
import { issueImportToken } from '../import/import-token.ts'
import { assertImports } from '../key/capability.ts'
import { arnOf } from '../key/key.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const getParametersForImport: Operation<'GetParametersForImport', { key: Target }> = {
  name: 'GetParametersForImport',
  quota: 'importParameters',
  isReadOnly: true,
  audited: ['KeyId', 'WrappingAlgorithm', 'WrappingKeySpec'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, input, { hsm, now }) {
    const { key } = targets.key
    assertImports(key)
    const wrapping = chooseWrapping(key.keySpec, input.WrappingAlgorithm, input.WrappingKeySpec)
    const { token, publicKey, validTo } = await issueImportToken(hsm, key, wrapping, now)
    return { KeyId: arnOf(key), ImportToken: token, PublicKey: publicKey, ParametersValidTo: new Date(validTo) }
  },
}
