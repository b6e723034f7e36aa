/** Grants between our records and AWS's members. @spec KMS operations, GrantListEntry */

import type { GrantConstraints as ConstraintMembers, GrantListEntry } from '../generated/types.ts'
import { formatKeyArn } from '../key/key-id.ts'
import type { GrantConstraints, GrantParty, GrantRecord } from './grant.ts'

export function formatGrant(grant: GrantRecord): GrantListEntry {
  const { grantee, retiring } = grant
  const constraints = formatConstraints(grant.constraints)
  return {
    KeyId: formatKeyArn(grant, grant.keyId),
    GrantId: grant.grantId,
    Name: grant.name,
    CreationDate: new Date(grant.createdAt),
    ...(grantee.type === 'principal' ? { GranteePrincipal: grantee.name } : { GranteeServicePrincipal: grantee.name }),
    ...(retiring?.type === 'principal' ? { RetiringPrincipal: retiring.name } : {}),
    ...(retiring?.type === 'service' ? { RetiringServicePrincipal: retiring.name } : {}),
    IssuingAccount: grant.issuer,
    Operations: [...grant.operations],
    ...(Object.keys(constraints).length === 0 ? {} : { Constraints: constraints }),
  }
}

function formatConstraints({ contextEquals, contextSubset, sourceArn }: GrantConstraints): ConstraintMembers {
  return {
    ...(contextEquals === undefined ? {} : { EncryptionContextEquals: { ...contextEquals } }),
    ...(contextSubset === undefined ? {} : { EncryptionContextSubset: { ...contextSubset } }),
    ...(sourceArn === undefined ? {} : { SourceArn: sourceArn }),
  }
}

export function readConstraints(members: ConstraintMembers | undefined): GrantConstraints {
  const { EncryptionContextEquals: contextEquals, EncryptionContextSubset: contextSubset, SourceArn } = members ?? {}
  return {
    ...(contextEquals === undefined ? {} : { contextEquals }),
    ...(contextSubset === undefined ? {} : { contextSubset }),
    ...(SourceArn === undefined ? {} : { sourceArn: SourceArn }),
  }
}

/** The party that one of two members names; the model's checks have seen both. */
export function readParty(principal: string | undefined, service: string | undefined): GrantParty | undefined {
  if (principal !== undefined) return { type: 'principal', name: principal }
  return service === undefined ? undefined : { type: 'service', name: service }
}
