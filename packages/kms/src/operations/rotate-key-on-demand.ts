/**
 * RotateKeyOnDemand: new material now, the schedule as it was; with imported material, the material that is pending.
 *
 * @spec KMS crypto-details §9; operations, RotateKeyOnDemand
 */

import { type KeyLife, isPendingEverywhere, isReplica } from '@softkms/lifecycle'
import { changeLife } from '../key/change-life.ts'
import { assertRotates } from '../key/capability.ts'
import { arnOf } from '../key/key.ts'
import { refusalOf } from '../key/permit-state.ts'
import { keyNamedBy } from '../key/resolve.ts'
import { generatedRotation } from '../key/rotate-key.ts'
import type { Operation, Target } from '../operation.ts'

export const rotateKeyOnDemand: Operation<'RotateKeyOnDemand', { key: Target }> = {
  name: 'RotateKeyOnDemand',
  quota: 'change',
  isReadOnly: false,
  audited: ['KeyId'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, _input, context) {
    const { key } = targets.key
    const { now } = context
    assertRotates(key)
    if (key.origin === 'AWS_KMS') {
      const rotation = await generatedRotation(context, key, 'ON_DEMAND', now)
      await changeLife(context, key, () => rotation)
    } else {
      await changeLife(context, key, (newest, others) => {
        const lives: readonly KeyLife[] = others.map(({ life }) => life)
        // Material that a Region lacks would leave its ciphertexts unreadable there. A replica is told that it is not for
        // it to rotate, whatever is pending.
        if (newest.life.pending !== undefined && !isReplica(newest.life) && !isPendingEverywhere(newest.life, lives)) {
          throw refusalOf(newest, 'NoMaterialPending')
        }
        return { command: { type: 'RotateToImported' }, now }
      })
    }
    return { KeyId: arnOf(key) }
  },
}
