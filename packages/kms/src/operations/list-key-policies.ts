/** ListKeyPolicies: always the one name there is. @spec KMS operations, ListKeyPolicies */

import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import { pageOf, readPage } from '../paging/page.ts'
import { POLICY_NAME } from '../policy/document.ts'

const PAGE_SIZES = { fallback: 100, most: 1000 } as const

export const listKeyPolicies: Operation<'ListKeyPolicies', { key: Target }> = {
  name: 'ListKeyPolicies',
  quota: 'listDetails',
  isReadOnly: true,
  audited: ['KeyId', 'Limit', 'Marker'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, input, { scope }) {
    const { items, members } = await readPage(
      { operation: 'ListKeyPolicies', scope, filter: targets.key.key.keyId },
      input,
      PAGE_SIZES,
      pageOf([POLICY_NAME], (name, after) => name > after),
      (name) => name,
    )
    return { PolicyNames: items, ...members }
  },
}
