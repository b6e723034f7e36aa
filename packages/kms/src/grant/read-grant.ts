/** From a request for a grant to the grant, and from what AWS shows of one. @spec KMS operations, CreateGrant */

import type { Instant } from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import { formatKeyArn } from '../key/key-id.ts'
import { formatRootArn } from '../principal/principal.ts'
import { partitionOf } from '../scope.ts'
import type { ValidInput } from '../shape/valid.ts'
import { validateInput } from '../shape/validate.ts'
import type { KeyName } from '../store/store.ts'
import { checkGrant } from './check-grant.ts'
import { readConstraints, readParty } from './format-grant.ts'
import type { GrantId, GrantRecord } from './grant.ts'

/** What the request for a grant does not say. */
interface GrantMaking {
  readonly grantId: GrantId
  /** ARN of the root of the account that makes it. */
  readonly issuer: string
  readonly now: Instant
  /** How long it counts only for requests that bring its token, in milliseconds. */
  readonly delayMs: number
}

/** @param input that `checkGrant` has nothing against */
export function readGrant(
  input: ValidInput<'CreateGrant'>,
  { account, region, keyId }: KeyName,
  { grantId, issuer, now, delayMs }: GrantMaking,
): GrantRecord {
  const grantee = readParty(input.GranteePrincipal, input.GranteeServicePrincipal)
  // `checkGrant` has seen to it that one of them is there.
  if (grantee === undefined) throw new KmsError('KMSInternalException')
  const retiring = readParty(input.RetiringPrincipal, input.RetiringServicePrincipal)
  return {
    account,
    region,
    keyId,
    grantId,
    name: input.Name ?? '',
    createdAt: now,
    effectiveAt: now + delayMs,
    issuer,
    grantee,
    ...(retiring === undefined ? {} : { retiring }),
    operations: [...new Set(input.Operations)],
    constraints: readConstraints(input.Constraints),
  }
}

/**
 * The grant that a request for `CreateGrant`, or an entry of what `ListGrants` answers, describes, as one on `key` that
 * is in effect.
 *
 * @throws KmsError as `CreateGrant`
 */
export function parseGrantEntry(
  members: Readonly<Record<string, unknown>>,
  key: KeyName,
  grantId: GrantId,
): GrantRecord {
  const { Name, IssuingAccount, ...rest } = members
  // ListGrants shows a grant without a name with an empty one.
  const request = { ...rest, ...(Name === '' ? {} : { Name }), KeyId: formatKeyArn(key, key.keyId) }
  validateInput('CreateGrant', request)
  const input: ValidInput<'CreateGrant'> = request
  checkGrant(input)
  const issuer =
    typeof IssuingAccount === 'string' ? IssuingAccount : formatRootArn(key.account, partitionOf(key.region))
  return readGrant(input, key, { grantId, issuer, now: 0, delayMs: 0 })
}
