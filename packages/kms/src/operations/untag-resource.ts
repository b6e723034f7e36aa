/** UntagResource: removes tags by their keys. @spec KMS operations, UntagResource */

import { assertStateAllows } from '../key/permit-state.ts'
import { keyNamedBy } from '../key/resolve.ts'
import { updateKey } from '../key/update-key.ts'
import type { Operation, Target } from '../operation.ts'
import { assertNoReservedKeys, removeTags } from '../tag/tags.ts'

export const untagResource: Operation<'UntagResource', { key: Target }> = {
  name: 'UntagResource',
  quota: 'change',
  isReadOnly: false,
  audited: ['KeyId', 'TagKeys'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  check(input) {
    assertNoReservedKeys(input.TagKeys)
  },

  async perform({ targets }, input, { store }) {
    await updateKey(store, targets.key.key, (key) => {
      assertStateAllows(key, 'UntagResource')
      return { ...key, tags: removeTags(key.tags, input.TagKeys) }
    })
    return {}
  },
}
