/**
 * RetireGrant: ends a grant, by whoever the grant lets.
 *
 * @spec KMS operations, RetireGrant; authorization §4 (Retire)
 */

import { KmsError } from '../errors.ts'
import { endGrant } from '../grant/end-grant.ts'
import { type GrantRecord, grantNotFound, parseGrantId } from '../grant/grant.ts'
import { type NamedGrant, openGrantToken } from '../grant/grant-token.ts'
import { resolveKey } from '../key/resolve.ts'
import type { Operation, OperationContext, Target } from '../operation.ts'
import { hiddenKey } from '../policy/access-denied.ts'
import type { ValidInput } from '../shape/valid.ts'

interface GrantTarget extends Target {
  readonly grant: GrantRecord
}

export const retireGrant: Operation<'RetireGrant', { key: GrantTarget }> = {
  name: 'RetireGrant',
  quota: 'grant',
  isReadOnly: false,
  audited: ['GrantId', 'KeyId'],
  targets: { key: { resolve: resolveGrant } },

  check({ GrantToken, KeyId, GrantId }) {
    if (GrantId !== undefined) parseGrantId(GrantId)
    const isNamed = KeyId !== undefined && GrantId !== undefined
    const isPartlyNamed = KeyId !== undefined || GrantId !== undefined
    if (GrantToken === undefined ? isNamed : !isPartlyNamed) return
    throw new KmsError('ValidationException', 'You must specify either a grant token, or a key ID and a grant ID.')
  },

  async perform({ targets }, input, { store }) {
    if (input.DryRun !== true) await endGrant(store, targets.key.grant)
    return {}
  },
}

/** A stranger is told the same whether a key or a grant on it is there or not. */
async function resolveGrant(
  input: ValidInput<'RetireGrant'>,
  context: OperationContext,
  action: string,
): Promise<GrantTarget> {
  const { scope, store, principal } = context
  const named = await nameGrant(input, context, action)
  const key = await store.getKey(named, named.keyId)
  const grant = await store.getGrant(named, named.grantId)
  if (key !== undefined && grant !== undefined) return { key, grant }
  if (named.account !== scope.account) throw hiddenKey({ principal, action, isNamedByCiphertext: false })
  throw grantNotFound(named.grantId)
}

async function nameGrant(
  { GrantToken, KeyId = '', GrantId = '' }: ValidInput<'RetireGrant'>,
  context: OperationContext,
  action: string,
): Promise<NamedGrant> {
  if (GrantToken !== undefined) return openGrantToken(context.hsm, context.scope.region, GrantToken)
  const { account, region, keyId } = await resolveKey(KeyId, 'key-only', context, action)
  return { account, region, keyId, grantId: parseGrantId(GrantId) }
}
