/** CancelKeyDeletion: the key lives on, disabled. @spec KMS key-states */

import { changeLife } from '../key/change-life.ts'
import { arnOf } from '../key/key.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const cancelKeyDeletion: Operation<'CancelKeyDeletion', { key: Target }> = {
  name: 'CancelKeyDeletion',
  quota: 'change',
  isReadOnly: false,
  audited: ['KeyId'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, _input, context) {
    const { key } = targets.key
    await changeLife(context, key, () => ({ command: { type: 'CancelDeletion' }, now: context.now }))
    return { KeyId: arnOf(key) }
  },
}
