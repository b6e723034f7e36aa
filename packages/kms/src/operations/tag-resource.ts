/** TagResource: adds tags, overwriting those with the same key. @spec KMS operations, TagResource */

import { assertStateAllows } from '../key/permit-state.ts'
import { keyNamedBy } from '../key/resolve.ts'
import { updateKey } from '../key/update-key.ts'
import type { Operation, Target } from '../operation.ts'
import { mergeTags, parseTags } from '../tag/tags.ts'

export const tagResource: Operation<'TagResource', { key: Target }> = {
  name: 'TagResource',
  quota: 'tag',
  isReadOnly: false,
  audited: ['KeyId', 'Tags'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  check(input) {
    parseTags(input.Tags)
  },

  async perform({ targets }, input, { store }) {
    const added = parseTags(input.Tags)
    await updateKey(store, targets.key.key, (key) => {
      assertStateAllows(key, 'TagResource')
      return { ...key, tags: mergeTags(key.tags, added) }
    })
    return {}
  },
}
