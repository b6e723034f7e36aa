/** DescribeKey: a key's metadata. @spec KMS operations, DescribeKey */

import { formatKeyMetadata } from '../key/key-metadata.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const describeKey: Operation<'DescribeKey', { key: Target }> = {
  name: 'DescribeKey',
  quota: 'describe',
  isReadOnly: true,
  audited: ['KeyId'],
  targets: { key: keyNamedBy('KeyId', 'any') },

  async perform({ targets }) {
    return { KeyMetadata: formatKeyMetadata(targets.key.key) }
  },
}
