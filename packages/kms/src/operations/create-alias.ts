/** CreateAlias: a name for a key in the same account and Region. @spec KMS operations, CreateAlias */

import { parseCustomerAliasName } from '../alias/alias.ts'
import { targetOfAlias } from '../alias/alias-target.ts'
import { KmsError } from '../errors.ts'
import { formatAliasArn } from '../key/key-id.ts'
import { assertStateAllows } from '../key/permit-state.ts'
import { commitForKey } from '../key/update-key.ts'
import type { Operation, Target } from '../operation.ts'
import { assertRoomForAlias } from '../quota/resource-quotas.ts'

export const createAlias: Operation<'CreateAlias', { key: Target }> = {
  name: 'CreateAlias',
  quota: 'change',
  isReadOnly: false,
  audited: ['AliasName', 'TargetKeyId'],
  targets: { key: targetOfAlias },

  check(input) {
    parseCustomerAliasName(input.AliasName)
  },

  asks: async ({ AliasName }, { scope }) => [
    { action: 'kms:CreateAlias', about: 'alias', arn: formatAliasArn(scope, AliasName) },
  ],

  async perform({ targets }, input, { scope, now, store, aliasesPerKey }) {
    const { account, region } = scope
    const aliasName = parseCustomerAliasName(input.AliasName)
    await commitForKey(store, targets.key.key, async (key) => {
      assertStateAllows(key, 'CreateAlias')
      if ((await store.getAlias(scope, aliasName)) !== undefined) {
        const arn = formatAliasArn(scope, aliasName)
        throw new KmsError('AlreadyExistsException', `An alias with the name ${arn} already exists`)
      }
      await assertRoomForAlias(store, key, aliasesPerKey)
      const alias = { account, region, aliasName, targetKeyId: key.keyId, version: 1, createdAt: now, updatedAt: now }
      return [
        { type: 'PutKey', key: { ...key, version: key.version + 1 } },
        { type: 'PutAlias', alias },
      ]
    })
    return {}
  },
}
