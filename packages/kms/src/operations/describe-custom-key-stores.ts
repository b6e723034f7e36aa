/** DescribeCustomKeyStores: all of the account's in the Region, or one. @spec KMS operations, DescribeCustomKeyStores */

import type { CustomKeyStoresListEntry } from '../generated/types.ts'
import { keyStoreNotFound } from '../key-store/key-store.ts'
import { notTogether } from '../key-store/store-members.ts'
import type { NoTargets, Operation } from '../operation.ts'
import { readPage } from '../paging/page.ts'

const PAGE_SIZES = { fallback: 50, most: 1000 } as const

export const describeCustomKeyStores: Operation<'DescribeCustomKeyStores', NoTargets> = {
  name: 'DescribeCustomKeyStores',
  quota: 'change',
  isReadOnly: true,
  audited: ['CustomKeyStoreId', 'CustomKeyStoreName', 'Limit', 'Marker'],
  targets: {},

  check({ CustomKeyStoreId, CustomKeyStoreName }) {
    if (CustomKeyStoreId !== undefined && CustomKeyStoreName !== undefined) {
      throw notTogether('CustomKeyStoreId', 'CustomKeyStoreName')
    }
  },

  async perform(_permit, input, { scope }) {
    const named = input.CustomKeyStoreId ?? input.CustomKeyStoreName
    if (named !== undefined) throw keyStoreNotFound(named)
    const { items, members } = await readPage<CustomKeyStoresListEntry>(
      { operation: 'DescribeCustomKeyStores', scope, filter: '' },
      input,
      PAGE_SIZES,
      async () => ({ items: [], isTruncated: false }),
      ({ CustomKeyStoreId = '' }) => CustomKeyStoreId,
    )
    return { CustomKeyStores: items, ...members }
  },
}
