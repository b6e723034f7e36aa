/** ScheduleKeyDeletion: the key stops working now and is destroyed later. @spec KMS key-states, "Deletion" */

import { KmsError } from '../errors.ts'
import { changeLife } from '../key/change-life.ts'
import { arnOf } from '../key/key.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

/** The model takes 1 to 365; the service takes these. */
const MIN_WINDOW_DAYS = 7
const MAX_WINDOW_DAYS = 30
const DEFAULT_WINDOW_DAYS = 30

export const scheduleKeyDeletion: Operation<'ScheduleKeyDeletion', { key: Target }> = {
  name: 'ScheduleKeyDeletion',
  quota: 'manage',
  isReadOnly: false,
  audited: ['KeyId', 'PendingWindowInDays'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  check({ PendingWindowInDays: days = DEFAULT_WINDOW_DAYS }) {
    if (days >= MIN_WINDOW_DAYS && days <= MAX_WINDOW_DAYS) return
    const [relation, bound] = days < MIN_WINDOW_DAYS ? ['greater', MIN_WINDOW_DAYS] : ['less', MAX_WINDOW_DAYS]
    throw new KmsError(
      'ValidationException',
      `1 validation error detected: Value '${days}' at 'pendingWindowInDays' failed to satisfy constraint: ` +
        `Member must have value ${relation} than or equal to ${bound}`,
    )
  },

  async perform({ targets }, { PendingWindowInDays: pendingWindowInDays = DEFAULT_WINDOW_DAYS }, context) {
    const { key } = targets.key
    const command = { type: 'ScheduleDeletion', pendingWindowInDays } as const
    const { life } = await changeLife(context, key, () => ({ command, now: context.now }))
    return {
      KeyId: arnOf(key),
      // The waiting period of a primary begins with the end of its last replica, so there is no date yet.
      ...(life.state.name === 'PendingDeletion' ? { DeletionDate: new Date(life.state.deletionDate) } : {}),
      KeyState: life.state.name,
      PendingWindowInDays: pendingWindowInDays,
    }
  },
}
