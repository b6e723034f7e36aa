/** DisableKey. @spec KMS operations, DisableKey */

import { keyNamedBy } from '../key/resolve.ts'
import { stepLife, updateKey } from '../key/update-key.ts'
import type { Operation, Target } from '../operation.ts'

export const disableKey: Operation<'DisableKey', { key: Target }> = {
  name: 'DisableKey',
  quota: 'change',
  isReadOnly: false,
  audited: ['KeyId'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, _input, { store, now }) {
    await updateKey(store, targets.key.key, (key) => stepLife(key, { type: 'Disable' }, now))
    return {}
  },
}
