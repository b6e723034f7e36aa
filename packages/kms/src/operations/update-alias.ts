/** UpdateAlias: points an alias to another key of the same kind. @spec KMS operations, UpdateAlias; key-states note 10 */

import { hasPublicKey } from '@softkms/hsm'
import { asksAboutAlias, parseCustomerAliasName, readAlias } from '../alias/alias.ts'
import { targetOfAlias } from '../alias/alias-target.ts'
import { KmsError } from '../errors.ts'
import { formatAliasArn } from '../key/key-id.ts'
import type { KeyRecord } from '../key/key.ts'
import { assertStateAllows } from '../key/permit-state.ts'
import { commitForKey } from '../key/update-key.ts'
import type { Operation, Target } from '../operation.ts'
import { assertRoomForAlias } from '../quota/resource-quotas.ts'

export const updateAlias: Operation<'UpdateAlias', { key: Target }> = {
  name: 'UpdateAlias',
  quota: 'change',
  isReadOnly: false,
  audited: ['AliasName', 'TargetKeyId'],
  targets: { key: targetOfAlias },

  check(input) {
    parseCustomerAliasName(input.AliasName)
  },

  asks: ({ AliasName }, context) => asksAboutAlias('kms:UpdateAlias', AliasName, context),

  async perform({ targets }, input, { access, scope, now, store, aliasesPerKey }) {
    const aliasName = parseCustomerAliasName(input.AliasName)
    await commitForKey(store, targets.key.key, async (key) => {
      assertStateAllows(key, 'UpdateAlias')
      const alias = await readAlias(store, scope, aliasName)
      const current = await store.getKey(scope, alias.targetKeyId)
      // The alias may have been re-pointed since the pipeline asked.
      if (current !== undefined) await access.authorize({ action: 'kms:UpdateAlias', about: 'key', key: current })
      // A key that is gone stands in nobody's way.
      if (current !== undefined) assertSameKind(current, key, formatAliasArn(scope, aliasName))
      const isNewTarget = alias.targetKeyId !== key.keyId
      if (isNewTarget) await assertRoomForAlias(store, key, aliasesPerKey)
      return [
        isNewTarget ? { type: 'PutKey', key: { ...key, version: key.version + 1 } } : { type: 'ExpectKey', key },
        { type: 'PutAlias', alias: { ...alias, targetKeyId: key.keyId, updatedAt: now, version: alias.version + 1 } },
      ]
    })
    return {}
  },
}

/** @throws KmsError `ValidationException` unless both keys are of one type and for one usage */
function assertSameKind(current: KeyRecord, next: KeyRecord, aliasArn: string): void {
  assertSame('type', keyTypeOf(current), keyTypeOf(next), aliasArn)
  assertSame('usage', current.keyUsage, next.keyUsage, aliasArn)
}

function assertSame(what: 'type' | 'usage', from: string, to: string, aliasArn: string): void {
  if (from === to) return
  throw new KmsError(
    'ValidationException',
    `Alias ${aliasArn} cannot be changed from a CMK with key ${what} ${from} to a CMK with key ${what} ${to}`,
  )
}

function keyTypeOf({ keySpec }: KeyRecord): string {
  if (hasPublicKey(keySpec)) return 'ASYMMETRIC'
  return keySpec === 'SYMMETRIC_DEFAULT' ? 'SYMMETRIC' : 'HMAC'
}
