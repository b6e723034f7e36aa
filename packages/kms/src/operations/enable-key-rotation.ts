/** EnableKeyRotation: starts the schedule, or starts it anew with another period. @spec KMS crypto-details §9 */

import { DEFAULT_ROTATION_PERIOD_DAYS } from '@softkms/lifecycle'
import { assertRotates } from '../key/capability.ts'
import { keyNamedBy } from '../key/resolve.ts'
import { stepLife, updateKey } from '../key/update-key.ts'
import type { Operation, Target } from '../operation.ts'

export const enableKeyRotation: Operation<'EnableKeyRotation', { key: Target }> = {
  name: 'EnableKeyRotation',
  quota: 'manage',
  isReadOnly: false,
  audited: ['KeyId', 'RotationPeriodInDays'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, input, { store, now }) {
    assertRotates(targets.key.key)
    const periodInDays = input.RotationPeriodInDays ?? DEFAULT_ROTATION_PERIOD_DAYS
    await updateKey(store, targets.key.key, (key) => stepLife(key, { type: 'EnableRotation', periodInDays }, now))
    return {}
  },
}
