/** ListAliases: all of the account's in the Region, or those of one key. @spec KMS operations, ListAliases */

import { formatAliasArn } from '../key/key-id.ts'
import { resolveKey } from '../key/resolve.ts'
import type { NoTargets, Operation } from '../operation.ts'
import { hiddenKey } from '../policy/access-denied.ts'
import { readPage } from '../paging/page.ts'

const PAGE_SIZES = { fallback: 50, most: 100 } as const

export const listAliases: Operation<'ListAliases', NoTargets> = {
  name: 'ListAliases',
  quota: 'list',
  isReadOnly: true,
  audited: ['KeyId', 'Limit', 'Marker'],
  targets: {},

  async perform(_permit, input, context) {
    const { scope, store, principal } = context
    const action = 'kms:ListAliases'
    const key = input.KeyId === undefined ? undefined : await resolveKey(input.KeyId, 'key-only', context, action)
    if (key !== undefined && key.account !== scope.account) {
      throw hiddenKey({ principal, action, isNamedByCiphertext: false })
    }
    const { items, members } = await readPage(
      { operation: 'ListAliases', scope, filter: key?.keyId ?? '' },
      input,
      PAGE_SIZES,
      (after, limit) => store.listAliases(scope, { after, limit }, key?.keyId),
      (alias) => alias.aliasName,
    )
    const Aliases = items.map((alias) => ({
      AliasName: alias.aliasName,
      AliasArn: formatAliasArn(scope, alias.aliasName),
      TargetKeyId: alias.targetKeyId,
      CreationDate: new Date(alias.createdAt),
      LastUpdatedDate: new Date(alias.updatedAt),
    }))
    return { Aliases, ...members }
  },
}
