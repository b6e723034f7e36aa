/** DisableKey. @spec KMS operations, DisableKey */

import { changeLife } from '../key/change-life.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const disableKey: Operation<'DisableKey', { key: Target }> = {
  name: 'DisableKey',
  quota: 'change',
  isReadOnly: false,
  audited: ['KeyId'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, _input, context) {
    await changeLife(context, targets.key.key, () => ({ command: { type: 'Disable' }, now: context.now }))
    return {}
  },
}
