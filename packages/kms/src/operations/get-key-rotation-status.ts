/**
 * GetKeyRotationStatus: of a key that cannot rotate by itself it says that it does not.
 *
 * @spec KMS key-states, "Rotation vs. state"; wire §5
 */

import { arnOf } from '../key/key.ts'
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
    const { rotation, state, pending } = key.life
    const inProgress = pending?.rotation?.type === 'ON_DEMAND' ? pending.rotation : undefined
    // A key that is about to go reports no rotation; its schedule comes back if the deletion is cancelled.
    const isDying = state.name === 'PendingDeletion' || state.name === 'PendingReplicaDeletion'
    return {
      KeyId: arnOf(key),
      ...(rotation.isEnabled && !isDying
        ? {
            KeyRotationEnabled: true,
            RotationPeriodInDays: rotation.periodInDays,
            NextRotationDate: new Date(rotation.nextRotationDate),
          }
        : { KeyRotationEnabled: false }),
      ...(inProgress === undefined ? {} : { OnDemandRotationStartDate: new Date(inProgress.startedAt) }),
    }
  },
}
