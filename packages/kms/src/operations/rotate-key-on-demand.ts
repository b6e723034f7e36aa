/** RotateKeyOnDemand: new material now, the schedule as it was. @spec KMS crypto-details §9 */

import { arnOf } from '../key/key.ts'
import { generateMaterial } from '../key/material.ts'
import { assertRotates } from '../key/capability.ts'
import { keyNamedBy } from '../key/resolve.ts'
import { stepLife, updateKey } from '../key/update-key.ts'
import type { Operation, Target } from '../operation.ts'

export const rotateKeyOnDemand: Operation<'RotateKeyOnDemand', { key: Target }> = {
  name: 'RotateKeyOnDemand',
  quota: 'change',
  isReadOnly: false,
  audited: ['KeyId'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, _input, { store, hsm, now }) {
    const { key } = targets.key
    assertRotates(key)
    const material = await generateMaterial(hsm, key)
    const command = { type: 'Rotate', rotationType: 'ON_DEMAND', materialId: material.materialId } as const
    await updateKey(store, key, (newest) => stepLife(newest, command, now), [{ type: 'AddMaterial', material }])
    return { KeyId: arnOf(key) }
  },
}
