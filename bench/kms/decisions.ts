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
import { measure } from '../measure.ts'
import type { BenchOptions } from '../options.ts'
import type { Row } from '../row.ts'

/** Decisions a sample: one takes less than a clock can tell. */
const BATCH = 256

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

/** Measures each kind of decision for `timeMs` and reports it as it is done. */
export async function benchDecisions({ rowMs: timeMs }: BenchOptions, report: (row: Row) => void): Promise<void> {
  await bench('by key policy', CONSOLE_POLICY, timeMs, report)
  await bench('by identity policy', DELEGATING_POLICY, timeMs, report)
  await bench('by grant, one on the key', DELEGATING_POLICY, timeMs, report, 1)
  await bench('by grant, 50,000 on the key', DELEGATING_POLICY, timeMs, report, 50_000)
}

/** @param grants how many grants the key has; the caller then has nothing but the last of them */
async function bench(
  name: string,
  policy: object,
  timeMs: number,
  report: (row: Row) => void,
  grants = 0,
): Promise<void> {
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
  for (let i = 1; i <= grants; i++) await store.commit([{ type: 'AddGrant', grant: grantOn(key, i, i === grants) }])
  const input = { EncryptionContext: { tenant: 'blue', purpose: 'bench' } }
  const session = new Map([['aws:principaltag/tenant', ['blue']]])
  const access = (): Access => authorization.accessOf({ principal, scope, now: 0, input, session }, [])
  const decide = async (): Promise<void> => access().authorize({ action: 'kms:Decrypt', about: 'key', key })
  const subject = { name: `Decide: ${name}`, check: () => check(access(), key), run: decide }
  report({ level: 'decision', name: subject.name, provider: 'noble', ...(await measure(subject, timeMs, BATCH)) })
}

/** To the role that asks, for this tenant, or to another one. */
function grantOn({ account, region, keyId }: KeyFacts, number: number, isOurs: boolean): GrantRecord {
  return {
    account,
    region,
    keyId,
    grantId: number.toString(16).padStart(64, '0') as GrantId,
    name: '',
    createdAt: 0,
    effectiveAt: 0,
    issuer: `arn:aws:iam::${account}:root`,
    grantee: { type: 'principal', name: isOurs ? ROLE : `${ROLE}-${number}` },
    operations: ['Decrypt', 'GenerateDataKey'],
    constraints: { contextSubset: { tenant: 'blue' } },
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
