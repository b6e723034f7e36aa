/** DisableKeyRotation: stops the schedule; every version stays. @spec KMS crypto-details §9 */

import { changeLife } from '../key/change-life.ts'
import { assertRotatesByItself } from '../key/capability.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const disableKeyRotation: Operation<'DisableKeyRotation', { key: Target }> = {
  name: 'DisableKeyRotation',
  quota: 'change',
  isReadOnly: false,
  audited: ['KeyId'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, _input, context) {
    assertRotatesByItself(targets.key.key)
    await changeLife(context, targets.key.key, () => ({ command: { type: 'DisableRotation' }, now: context.now }))
    return {}
  },
}
