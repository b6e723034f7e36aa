/** EnableKeyRotation: starts the schedule, or starts it anew with another period. @spec KMS crypto-details §9 */

import { DEFAULT_ROTATION_PERIOD_DAYS } from '@softkms/lifecycle'
import { changeLife } from '../key/change-life.ts'
import { assertRotatesByItself } from '../key/capability.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const enableKeyRotation: Operation<'EnableKeyRotation', { key: Target }> = {
  name: 'EnableKeyRotation',
  quota: 'manage',
  isReadOnly: false,
  audited: ['KeyId', 'RotationPeriodInDays'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, input, context) {
    assertRotatesByItself(targets.key.key)
    const periodInDays = input.RotationPeriodInDays ?? DEFAULT_ROTATION_PERIOD_DAYS
    await changeLife(context, targets.key.key, () => ({
      command: { type: 'EnableRotation', periodInDays },
      now: context.now,
    }))
    return {}
  },
}
