/** ListResourceTags, in the order of the tag keys. @spec KMS operations, ListResourceTags */

import type { KeyTag } from '../key/key.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import { pageOf, readPage } from '../paging/page.ts'

const PAGE_SIZES = { fallback: 50, most: 50 } as const

export const listResourceTags: Operation<'ListResourceTags', { key: Target }> = {
  name: 'ListResourceTags',
  quota: 'describe',
  isReadOnly: true,
  audited: ['KeyId', 'Limit', 'Marker'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, input, { scope }) {
    const { key } = targets.key
    const { items, members } = await readPage(
      { operation: 'ListResourceTags', scope, filter: key.keyId },
      input,
      PAGE_SIZES,
      pageOf(key.tags.toSorted(compareKeys), (tag, after) => tag.key > after),
      (tag) => tag.key,
    )
    return { Tags: items.map((tag) => ({ TagKey: tag.key, TagValue: tag.value })), ...members }
  },
}

function compareKeys(a: KeyTag, b: KeyTag): number {
  return a.key < b.key ? -1 : Number(a.key > b.key)
}
