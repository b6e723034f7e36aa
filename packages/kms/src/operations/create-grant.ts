/** CreateGrant: permission for one principal on one key. @spec KMS operations, CreateGrant; authorization §4 */

import { KmsError } from '../errors.ts'
import { addGrant } from '../grant/add-grant.ts'
import { checkGrant } from '../grant/check-grant.ts'
import type { GrantRecord } from '../grant/grant.ts'
import { issueGrantToken } from '../grant/grant-token.ts'
import { assertOperationsFit } from '../grant/grantable.ts'
import { readGrant } from '../grant/read-grant.ts'
import { isSymmetric } from '../key/capability.ts'
import { type KeyRecord, arnOf } from '../key/key.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import { formatRootArn } from '../principal/principal.ts'
import { partitionOf } from '../scope.ts'

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
    const { scope, ids, now, grantDelayMs: delayMs } = context
    const issuer = formatRootArn(scope.account, partitionOf(key.region))
    const wanted = readGrant(input, key, { grantId: ids.newGrantId(), issuer, now, delayMs })
    assertContextFits(key, wanted)
    const addition = { grant: wanted, limit: context.grantsPerKey, isDry: input.DryRun === true }
    const grant = await addGrant(context.store, key, addition)
    return { GrantToken: await issueGrantToken(context.hsm, grant), GrantId: grant.grantId }
  },
}

/** @throws KmsError `ValidationException` where no request could ever have an encryption context */
function assertContextFits(key: KeyRecord, { constraints }: GrantRecord): void {
  if (isSymmetric(key) || (constraints.contextEquals === undefined && constraints.contextSubset === undefined)) return
  throw new KmsError(
    'ValidationException',
    `${arnOf(key)} is not a symmetric encryption key, so its grants cannot have encryption context constraints.`,
  )
}
