/** DeleteAlias: the name goes, the key stays. @spec KMS operations, DeleteAlias */

import { parseCustomerAliasName, readAlias } from '../alias/alias.ts'
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

  async perform(_permit, input, { scope, store }) {
    const aliasName = parseCustomerAliasName(input.AliasName)
    // Whoever re-points the alias meanwhile makes the commit fail; the alias is then read again until it is gone.
    while (!(await store.commit([{ type: 'DeleteAlias', alias: await readAlias(store, scope, aliasName) }])));
    return {}
  },
}
