/** CreateGrant: permission for one principal on one key. @spec KMS operations, CreateGrant; authorization §4 */

import { KmsError } from '../errors.ts'
import { addGrant } from '../grant/add-grant.ts'
import { checkGrant } from '../grant/check-grant.ts'
import { readConstraints, readParty } from '../grant/format-grant.ts'
import type { GrantRecord } from '../grant/grant.ts'
import { issueGrantToken } from '../grant/grant-token.ts'
import { assertOperationsFit } from '../grant/grantable.ts'
import { isSymmetric } from '../key/capability.ts'
import { type KeyRecord, arnOf } from '../key/key.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, OperationContext, Target } from '../operation.ts'
import { formatRootArn } from '../principal/principal.ts'
import { partitionOf } from '../scope.ts'
import type { ValidInput } from '../shape/valid.ts'

export const createGrant: Operation<'CreateGrant', { key: Target }> = {
  name: 'CreateGrant',
  quota: 'grant',
  isReadOnly: false,
  audited: [
    'Constraints',
    'GranteePrincipal',
    'GranteeServicePrincipal',
    'KeyId',
    'Name',
    'Operations',
    'RetiringPrincipal',
    'RetiringServicePrincipal',
  ],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  check: checkGrant,

  async perform({ targets }, input, context) {
    const { key } = targets.key
    assertOperationsFit(key, input.Operations)
    const wanted = readGrant(input, key, context)
    assertContextFits(key, wanted)
    const addition = { grant: wanted, limit: context.grantsPerKey, isDry: input.DryRun === true }
    const grant = await addGrant(context.store, key, addition)
    return { GrantToken: await issueGrantToken(context.hsm, grant), GrantId: grant.grantId }
  },
}

function readGrant(
  input: ValidInput<'CreateGrant'>,
  { account, region, keyId }: KeyRecord,
  { scope, ids, now, grantDelayMs }: OperationContext,
): GrantRecord {
  const grantee = readParty(input.GranteePrincipal, input.GranteeServicePrincipal)
  // `check` has seen to it that one of them is there.
  if (grantee === undefined) throw new KmsError('KMSInternalException')
  const retiring = readParty(input.RetiringPrincipal, input.RetiringServicePrincipal)
  return {
    account,
    region,
    keyId,
    grantId: ids.newGrantId(),
    name: input.Name ?? '',
    createdAt: now,
    effectiveAt: now + grantDelayMs,
    issuer: formatRootArn(scope.account, partitionOf(region)),
    grantee,
    ...(retiring === undefined ? {} : { retiring }),
    operations: [...new Set(input.Operations)],
    constraints: readConstraints(input.Constraints),
  }
}

/** @throws KmsError `ValidationException` where no request could ever have an encryption context */
function assertContextFits(key: KeyRecord, { constraints }: GrantRecord): void {
  if (isSymmetric(key) || (constraints.contextEquals === undefined && constraints.contextSubset === undefined)) return
  throw new KmsError(
    'ValidationException',
    `${arnOf(key)} is not a symmetric encryption key, so its grants cannot have encryption context constraints.`,
  )
}
