/** A key that its own account's root rules, and callers who have nothing but what grants give them. */
import type { CreateGrantRequest } from '@softkms/kms'
import type { CreateKmsOptions, Kms } from 'softkms'
import { createIdentityPolicies } from '@softkms/kms'
import { ACCOUNT, type KmsFixture, type NewKey, OTHER_ACCOUNT, createKey, startKms } from './kms-fixture.ts'

export const GRANTEES = {
  user: `arn:aws:iam::${ACCOUNT}:user/team/alice`,
  role: `arn:aws:iam::${ACCOUNT}:role/team/app`,
  session: `arn:aws:sts::${ACCOUNT}:assumed-role/app/one`,
  otherSession: `arn:aws:sts::${ACCOUNT}:assumed-role/app/two`,
  federated: `arn:aws:sts::${ACCOUNT}:federated-user/fred`,
  stranger: `arn:aws:iam::${OTHER_ACCOUNT}:user/eve`,
  strangeRoot: `arn:aws:iam::${OTHER_ACCOUNT}:root`,
} as const

export interface GrantScene extends KmsFixture {
  readonly key: NewKey
  readonly iam: ReturnType<typeof createIdentityPolicies>
}

export async function startGrantScene(options: CreateKmsOptions = {}): Promise<GrantScene> {
  const iam = createIdentityPolicies()
  // From now on policies decide in both accounts, and nobody but the roots has any.
  for (const account of [ACCOUNT, OTHER_ACCOUNT]) iam.set(`arn:aws:iam::${account}:user/somebody`, {})
  const fixture = await startKms({ identityPolicies: iam, ...options })
  return { ...fixture, iam, key: await createKey(fixture.kms) }
}

export interface NewGrant {
  readonly grantId: string
  readonly token: string
}

/** A grant to the user, for Encrypt and Decrypt, unless `rest` says otherwise. */
export async function grantOn(kms: Kms, KeyId: string, rest: Partial<CreateGrantRequest> = {}): Promise<NewGrant> {
  const request = { KeyId, GranteePrincipal: GRANTEES.user, Operations: ['Encrypt', 'Decrypt'] as const, ...rest }
  const { GrantId: grantId = '', GrantToken: token = '' } = await kms.createGrant(request)
  return { grantId, token }
}
