/** CancelKeyDeletion: the key lives on, disabled. @spec KMS key-states */

import { arnOf } from '../key/key.ts'
import { keyNamedBy } from '../key/resolve.ts'
import { stepLife, updateKey } from '../key/update-key.ts'
import type { Operation, Target } from '../operation.ts'

export const cancelKeyDeletion: Operation<'CancelKeyDeletion', { key: Target }> = {
  name: 'CancelKeyDeletion',
  quota: 'change',
  isReadOnly: false,
  audited: ['KeyId'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, _input, { store, now }) {
    const { key } = targets.key
    await updateKey(store, key, (newest) => stepLife(newest, { type: 'CancelDeletion' }, now))
    return { KeyId: arnOf(key) }
  },
}
