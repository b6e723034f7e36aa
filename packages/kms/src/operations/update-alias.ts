/** UpdateAlias: points an alias to another key of the same kind. @spec KMS operations, UpdateAlias; key-states note 10 */

import { parseCustomerAliasName, readAlias } from '../alias/alias.ts'
import { targetOfAlias } from '../alias/alias-target.ts'
import { KmsError } from '../errors.ts'
import { formatAliasArn } from '../key/key-id.ts'
import { assertStateAllows } from '../key/permit-state.ts'
import { commitForKey } from '../key/update-key.ts'
import type { Operation, Target } from '../operation.ts'

export const updateAlias: Operation<'UpdateAlias', { key: Target }> = {
  name: 'UpdateAlias',
  quota: 'change',
  isReadOnly: false,
  audited: ['AliasName', 'TargetKeyId'],
  targets: { key: targetOfAlias },

  check(input) {
    parseCustomerAliasName(input.AliasName)
  },

  async perform({ targets }, input, { scope, now, store }) {
    const aliasName = parseCustomerAliasName(input.AliasName)
    await commitForKey(store, targets.key.key, async (key) => {
      assertStateAllows(key, 'UpdateAlias')
      const alias = await readAlias(store, scope, aliasName)
      const current = await store.getKey(scope, alias.targetKeyId)
      if (current !== undefined && current.keyUsage !== key.keyUsage) {
        throw new KmsError(
          'ValidationException',
          `Alias ${formatAliasArn(scope, aliasName)} cannot be changed from a CMK with key usage ` +
            `${current.keyUsage} to a CMK with key usage ${key.keyUsage}`,
        )
      }
      return [
        { type: 'ExpectKey', key },
        { type: 'PutAlias', alias: { ...alias, targetKeyId: key.keyId, updatedAt: now, version: alias.version + 1 } },
      ]
    })
    return {}
  },
}
