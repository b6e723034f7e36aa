/** GetPublicKey: the public half of an asymmetric key, as SubjectPublicKeyInfo. @spec KMS operations, GetPublicKey */

import { hasPublicKey } from '@softkms/hsm'
import { KmsError } from '../errors.ts'
import { arnOf } from '../key/key.ts'
import { formatAlgorithms } from '../key/key-metadata.ts'
import { readPublicKey } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { CustomerMasterKeySpec } from '../generated/types.ts'
import type { Operation, Target } from '../operation.ts'

export const getPublicKey: Operation<'GetPublicKey', { key: Target }> = {
  name: 'GetPublicKey',
  quota: 'describe',
  isReadOnly: true,
  audited: ['KeyId'],
  targets: { key: keyNamedBy('KeyId', 'any') },

  async perform({ targets }, _input, context) {
    const { key } = targets.key
    if (!hasPublicKey(key.keySpec)) throw new KmsError('UnsupportedOperationException')
    return {
      KeyId: arnOf(key),
      PublicKey: await readPublicKey(context, key),
      CustomerMasterKeySpec: key.keySpec as CustomerMasterKeySpec,
      KeySpec: key.keySpec,
      KeyUsage: key.keyUsage,
      ...formatAlgorithms(key),
    }
  },
}
