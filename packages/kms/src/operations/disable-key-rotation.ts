/** DisableKeyRotation: stops the schedule; every version stays. @spec KMS crypto-details §9 */

import { keyNamedBy } from '../key/resolve.ts'
import { stepLife, updateKey } from '../key/update-key.ts'
import type { Operation, Target } from '../operation.ts'

export const disableKeyRotation: Operation<'DisableKeyRotation', { key: Target }> = {
  name: 'DisableKeyRotation',
  quota: 'change',
  isReadOnly: false,
  audited: ['KeyId'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, _input, { store, now }) {
    await updateKey(store, targets.key.key, (key) => stepLife(key, { type: 'DisableRotation' }, now))
    return {}
  },
}
