/** EnableKey. @spec KMS operations, EnableKey */

import { changeLife } from '../key/change-life.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const enableKey: Operation<'EnableKey', { key: Target }> = {
  name: 'EnableKey',
  quota: 'change',
  isReadOnly: false,
  audited: ['KeyId'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, _input, context) {
    await changeLife(context, targets.key.key, () => ({ command: { type: 'Enable' }, now: context.now }))
    return {}
  },
}
