/** An authorization alone: no cryptography, no store, policies compiled by the check that comes before the timing. */

import {
  type Access,
  type GrantId,
  type GrantRecord,
  type KeyFacts,
  type KeyId,
  createAuthorization,
  createIdentityPolicies,
  createMemoryStore,
  parsePrincipal,
} from '@softkms/kms'
import type { LevelBench } from '../level.ts'
import { measureAll } from '../measure.ts'
import type { Subject } from '../row.ts'

const ACCOUNT = '111122223333'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/app/session`

/** What the console writes for a key with administrators and users. */
const CONSOLE_POLICY = {
  Version: '2012-10-17',
  Id: 'key-consolepolicy-3',
  Statement: [
    {
      Sid: 'Enable IAM User Permissions',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'Allow access for Key Administrators',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/admin` },
      Action: ['kms:Create*', 'kms:Describe*', 'kms:Enable*', 'kms:List*', 'kms:Put*', 'kms:Update*', 'kms:Revoke*'],
      Resource: '*',
    },
    {
      Sid: 'Allow use of the key',
      Effect: 'Allow',
      Principal: { AWS: ROLE },
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      Resource: '*',
    },
    {
      Sid: 'Allow attachment of persistent resources',
      Effect: 'Allow',
      Principal: { AWS: ROLE },
      Action: ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'],
      Resource: '*',
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
  ],
}

const DELEGATING_POLICY = { ...CONSOLE_POLICY, Statement: CONSOLE_POLICY.Statement.slice(0, 1) }

const IDENTITY_POLICY = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource: `arn:aws:kms:*:${ACCOUNT}:key/*`,
    Condition: {
      StringEquals: { 'kms:EncryptionContext:tenant': '${aws:PrincipalTag/tenant}' },
      'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['tenant', 'purpose'] },
    },
  },
}

export const benchDecisions: LevelBench = async (task) => {
  task.begin(['noble'])
  const subjects = [
    await decision('by key policy', CONSOLE_POLICY),
    await decision('by identity policy', DELEGATING_POLICY),
    await decision('by grant, one on the key', DELEGATING_POLICY, 1),
    await decision('by grant, 50,000 on the key', DELEGATING_POLICY, 50_000),
    await decision('by grant, one of its 50,000', DELEGATING_POLICY, 50_000, true),
  ]
  await measureAll(
    'decision',
    subjects.map((subject) => ({ provider: 'noble', subject })),
    task,
  )
}

/**
 * @param grants how many grants the key has; the caller then has nothing but the last of them
 * @param isOurs whether the others are the caller's, too, for other tenants
 */
async function decision(name: string, policy: object, grants = 0, isOurs = false): Promise<Subject> {
  const policies = createIdentityPolicies()
  policies.set(ROLE, { identity: grants === 0 ? [IDENTITY_POLICY] : [] })
  const store = createMemoryStore()
  const authorization = createAuthorization({ mode: 'enforce', policies, store })
  const principal = parsePrincipal(SESSION)
  if (principal === undefined) throw new Error('the caller is nobody')
  const scope = { account: ACCOUNT, region: 'eu-west-1' }
  const key: KeyFacts = {
    ...scope,
    keyId: '00000000-0000-4000-8000-000000000000' as KeyId,
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    policy: JSON.stringify(policy),
    tags: [],
  }
  for (let i = 1; i <= grants; i++) {
    const isLast = i === grants
    const grant = grantOn(key, i, isOurs || isLast ? ROLE : `${ROLE}-${i}`, isLast || !isOurs ? 'blue' : `blue-${i}`)
    await store.commit([{ type: 'AddGrant', grant }])
  }
  const input = { EncryptionContext: { tenant: 'blue', purpose: 'bench' } }
  const session = new Map([['aws:principaltag/tenant', ['blue']]])
  const access = (): Access => authorization.accessOf({ principal, scope, now: 0, input, session }, [])
  const decide = async (): Promise<void> => access().authorize({ action: 'kms:Decrypt', about: 'key', key })
  return {
    name: `Decide: ${name}`,
    async prepare() {
      await check(access(), key)
      return decide
    },
  }
}

function grantOn({ account, region, keyId }: KeyFacts, number: number, role: string, tenant: string): GrantRecord {
  return {
    account,
    region,
    keyId,
    grantId: number.toString(16).padStart(64, '0') as GrantId,
    name: '',
    createdAt: 0,
    effectiveAt: 0,
    issuer: `arn:aws:iam::${account}:root`,
    grantee: { type: 'principal', name: role },
    operations: ['Decrypt', 'GenerateDataKey'],
    constraints: { contextSubset: { tenant } },
  }
}

/** The decision that is timed allows; the same caller must not be allowed everything. */
async function check(access: Access, key: KeyFacts): Promise<void> {
  await access.authorize({ action: 'kms:Decrypt', about: 'key', key })
  const isRefused = await access.authorize({ action: 'kms:DisableKey', about: 'key', key }).then(
    () => false,
    () => true,
  )
  if (!isRefused) throw new Error('everything is allowed, so nothing is decided')
}
