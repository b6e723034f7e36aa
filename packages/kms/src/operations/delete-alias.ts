/** DeleteAlias: the name goes, the key stays. @spec KMS operations, DeleteAlias */

import { asksAboutAlias, parseCustomerAliasName, readAlias } from '../alias/alias.ts'
import type { NoTargets, Operation } from '../operation.ts'

export const deleteAlias: Operation<'DeleteAlias', NoTargets> = {
  name: 'DeleteAlias',
  quota: 'manage',
  isReadOnly: false,
  audited: ['AliasName'],
  targets: {},

  check(input) {
    parseCustomerAliasName(input.AliasName)
  },

  asks: ({ AliasName }, context) => asksAboutAlias('kms:DeleteAlias', AliasName, context),

  async perform(_permit, input, { access, scope, store }) {
    const aliasName = parseCustomerAliasName(input.AliasName)
    // Whoever re-points the alias meanwhile makes the commit fail; the alias is then read again until it is gone,
    // and the caller must be allowed what it asks on the key of the moment.
    for (;;) {
      const alias = await readAlias(store, scope, aliasName)
      const key = await store.getKey(scope, alias.targetKeyId)
      if (key !== undefined) await access.authorize({ action: 'kms:DeleteAlias', about: 'key', key })
      if (await store.commit([{ type: 'DeleteAlias', alias }])) return {}
    }
  },
}
