/** GetKeyRotationStatus. @spec KMS key-states, "Rotation vs. state"; wire §5 */

import { arnOf } from '../key/key.ts'
import { assertRotates } from '../key/capability.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const getKeyRotationStatus: Operation<'GetKeyRotationStatus', { key: Target }> = {
  name: 'GetKeyRotationStatus',
  quota: 'getKeyState',
  isReadOnly: true,
  audited: ['KeyId'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }) {
    const { key } = targets.key
    assertRotates(key)
    const { rotation, state } = key.life
    // A key that is about to go reports no rotation; its schedule comes back if the deletion is cancelled.
    if (!rotation.isEnabled || state.name === 'PendingDeletion') return { KeyId: arnOf(key), KeyRotationEnabled: false }
    return {
      KeyId: arnOf(key),
      KeyRotationEnabled: true,
      RotationPeriodInDays: rotation.periodInDays,
      NextRotationDate: new Date(rotation.nextRotationDate),
    }
  },
}
