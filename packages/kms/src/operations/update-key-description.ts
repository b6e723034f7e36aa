/** UpdateKeyDescription. @spec KMS operations, UpdateKeyDescription */

import { assertStateAllows } from '../key/permit-state.ts'
import { keyNamedBy } from '../key/resolve.ts'
import { updateKey } from '../key/update-key.ts'
import type { Operation, Target } from '../operation.ts'

export const updateKeyDescription: Operation<'UpdateKeyDescription', { key: Target }> = {
  name: 'UpdateKeyDescription',
  quota: 'change',
  isReadOnly: false,
  audited: ['KeyId', 'Description'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, input, { store }) {
    await updateKey(store, targets.key.key, (key) => {
      assertStateAllows(key, 'UpdateKeyDescription')
      return { ...key, description: input.Description }
    })
    return {}
  },
}
