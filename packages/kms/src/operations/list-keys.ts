/** ListKeys: the account's keys in the Region, whatever their state. @spec KMS operations, ListKeys */

import { arnOf } from '../key/key.ts'
import type { NoTargets, Operation } from '../operation.ts'
import { readPage } from '../paging/page.ts'

const PAGE_SIZES = { fallback: 100, most: 1000 } as const

export const listKeys: Operation<'ListKeys', NoTargets> = {
  name: 'ListKeys',
  quota: 'list',
  isReadOnly: true,
  audited: ['Limit', 'Marker'],
  targets: {},

  async perform(_permit, input, { scope, store }) {
    const { items, members } = await readPage(
      { operation: 'ListKeys', scope, filter: '' },
      input,
      PAGE_SIZES,
      (after, limit) => store.listKeys(scope, { after, limit }),
      (key) => key.keyId,
    )
    return { Keys: items.map((key) => ({ KeyId: key.keyId, KeyArn: arnOf(key) })), ...members }
  },
}
