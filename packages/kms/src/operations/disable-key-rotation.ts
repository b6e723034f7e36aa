/** DisableKeyRotation: stops the schedule; every version stays. @spec KMS crypto-details §9 */

import { assertRotates } from '../key/capability.ts'
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
    assertRotates(targets.key.key)
    await updateKey(store, targets.key.key, (key) => stepLife(key, { type: 'DisableRotation' }, now))
    return {}
  },
}
