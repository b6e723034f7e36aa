/**
 * The sides that must allow: key policy, caller, organization, in the same account and across accounts.
 *
 * @covers KMS authorization §1, §5; IAM policy evaluation logic
 */
import { beforeAll, expect, test } from 'vitest'
import { ACCOUNT, OTHER_ACCOUNT } from '../../support/kms-fixture.ts'
import {
  type PolicyScene,
  allow,
  createKeyWith,
  deny,
  policyOf,
  reasonsFor,
  startPolicyScene,
} from '../../support/policy-scene.ts'

const OWN = { root: `arn:aws:iam::${ACCOUNT}:root`, role: `arn:aws:iam::${ACCOUNT}:role/app` }
const FOREIGN = { root: `arn:aws:iam::${OTHER_ACCOUNT}:root`, role: `arn:aws:iam::${OTHER_ACCOUNT}:role/app` }

const KEY_POLICIES = {
  'for nobody': [],
  'for the account': [allow({ Principal: { AWS: [ACCOUNT, OTHER_ACCOUNT] } })],
  'for the caller': [allow({ Principal: { AWS: [OWN.role, FOREIGN.role] } })],
  'that denies': [
    allow({ Principal: { AWS: [ACCOUNT, OTHER_ACCOUNT] } }),
    deny({ Principal: { AWS: [ACCOUNT, OTHER_ACCOUNT] } }),
  ],
  'for another action': [allow({ Principal: '*', Action: 'kms:List*' })],
} as const

const IDENTITY_POLICIES = {
  none: [],
  allowing: [policyOf(allow())],
  denying: [policyOf(allow()), policyOf(deny())],
} as const

const KEY = 'allowed by key policy'
const IDENTITY = 'allowed by identity policy'
const BOTH = 'allowed by key policy and identity policy'
const NO_KEY = 'no resource-based policy'
const NO_IDENTITY = 'no identity-based policy'
const KEY_DENY = 'deny in resource-based policy'
const IDENTITY_DENY = 'deny in identity-based policy'
const OWN_ONLY = 'own account only'

type Row = readonly [
  keyPolicy: keyof typeof KEY_POLICIES,
  identity: keyof typeof IDENTITY_POLICIES,
  own: string,
  foreign: string,
]

/** For a role of the key's account, and for one of another, that ask for DescribeKey. */
const ROWS: readonly Row[] = [
  ['for nobody', 'none', NO_KEY, NO_KEY],
  ['for nobody', 'allowing', NO_KEY, NO_KEY],
  ['for nobody', 'denying', IDENTITY_DENY, NO_KEY],
  ['for the account', 'none', NO_IDENTITY, NO_IDENTITY],
  ['for the account', 'allowing', IDENTITY, BOTH],
  ['for the account', 'denying', IDENTITY_DENY, IDENTITY_DENY],
  ['for the caller', 'none', KEY, NO_IDENTITY],
  ['for the caller', 'allowing', KEY, BOTH],
  ['for the caller', 'denying', IDENTITY_DENY, IDENTITY_DENY],
  ['that denies', 'none', KEY_DENY, KEY_DENY],
  ['that denies', 'allowing', KEY_DENY, KEY_DENY],
  ['that denies', 'denying', IDENTITY_DENY, KEY_DENY],
  ['for another action', 'none', NO_KEY, NO_KEY],
  ['for another action', 'allowing', NO_KEY, NO_KEY],
  ['for another action', 'denying', IDENTITY_DENY, NO_KEY],
]

let scene: PolicyScene
const keys = new Map<string, string>()
beforeAll(async () => {
  scene = await startPolicyScene()
  for (const [name, statements] of Object.entries(KEY_POLICIES)) {
    keys.set(name, await createKeyWith(scene.kms, policyOf(...statements)))
  }
})

test.each(ROWS)('a key policy %s, identity policies %s', async (keyPolicy, identity, own, foreign) => {
  const KeyId = keys.get(keyPolicy) ?? ''
  for (const { role } of [OWN, FOREIGN]) scene.iam.set(role, { identity: IDENTITY_POLICIES[identity] })
  expect(await reasonsFor(scene.kms.as(OWN.role), 'DescribeKey', { KeyId })).toEqual([own])
  expect(await reasonsFor(scene.kms.as(FOREIGN.role), 'DescribeKey', { KeyId })).toEqual([foreign])
  // Nothing opens to another account what AWS does not open.
  expect(await reasonsFor(scene.kms.as(FOREIGN.role), 'DisableKey', { KeyId })).toEqual([OWN_ONLY])
  expect(await reasonsFor(scene.kms.as(OWN.role), 'DisableKey', { KeyId })).toEqual([own])
})

/** Root users have no policies of their own, and need the key policy as everybody does. */
test.each([
  ['for nobody', NO_KEY, NO_KEY],
  ['for the account', KEY, BOTH],
  ['for the caller', NO_KEY, NO_KEY],
  ['that denies', KEY_DENY, KEY_DENY],
  ['for another action', NO_KEY, NO_KEY],
] as const)('root users and a key policy %s', async (keyPolicy, own, foreign) => {
  const KeyId = keys.get(keyPolicy) ?? ''
  expect(await reasonsFor(scene.kms.as(OWN.root), 'DescribeKey', { KeyId })).toEqual([own])
  expect(await reasonsFor(scene.kms.as(FOREIGN.root), 'DescribeKey', { KeyId })).toEqual([foreign])
})

/** The operations of AWS's table that work across accounts; every other on a key must not. */
const CROSS_ACCOUNT = new Set(
  (
    'Decapsulate Decrypt DeriveSharedSecret DescribeKey Encapsulate Encrypt GenerateDataKey GenerateDataKeyPair ' +
    'GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext GenerateMac GetKeyRotationStatus ' +
    'GetPublicKey ReEncrypt Sign Verify VerifyMac'
  ).split(' '),
)

const bytes = Uint8Array.of(1)
const dry = { DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] }
/** Whatever the model wants besides a key. */
const MEMBERS: Readonly<Record<string, object>> = {
  CreateAlias: { AliasName: 'alias/x' },
  Decapsulate: { Ciphertext: new Uint8Array(768), CiphertextBlob: bytes, EncapsulationAlgorithm: 'ML_KEM' },
  Decrypt: dry,
  DeriveSharedSecret: { KeyAgreementAlgorithm: 'ECDH', PublicKey: bytes },
  Encapsulate: { EncapsulationAlgorithm: 'ML_KEM' },
  Encrypt: { Plaintext: bytes },
  GenerateDataKey: { KeySpec: 'AES_256' },
  GenerateDataKeyPair: { KeyPairSpec: 'ECC_NIST_P256' },
  GenerateDataKeyPairWithoutPlaintext: { KeyPairSpec: 'ECC_NIST_P256' },
  GenerateDataKeyWithoutPlaintext: { KeySpec: 'AES_256' },
  GenerateMac: { Message: bytes, MacAlgorithm: 'HMAC_SHA_256' },
  PutKeyPolicy: { Policy: policyOf(allow({ Principal: '*' })) },
  ReEncrypt: dry,
  Sign: { Message: bytes, SigningAlgorithm: 'ECDSA_SHA_256' },
  TagResource: { Tags: [{ TagKey: 'a', TagValue: 'b' }] },
  UntagResource: { TagKeys: ['a'] },
  UpdateKeyDescription: { Description: '' },
  Verify: { Message: bytes, Signature: bytes, SigningAlgorithm: 'ECDSA_SHA_256' },
  VerifyMac: { Message: bytes, Mac: bytes, MacAlgorithm: 'HMAC_SHA_256' },
}

const ON_KEYS =
  'CancelKeyDeletion CreateAlias Decrypt DeriveSharedSecret DescribeKey DisableKey DisableKeyRotation EnableKey ' +
  'EnableKeyRotation Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext ' +
  'GenerateDataKeyWithoutPlaintext GenerateMac GetKeyPolicy GetKeyRotationStatus GetPublicKey ListKeyPolicies ' +
  'ListKeyRotations ListResourceTags PutKeyPolicy ReEncrypt RotateKeyOnDemand ScheduleKeyDeletion Sign TagResource ' +
  'UntagResource UpdateKeyDescription Verify VerifyMac'

test.each(ON_KEYS.split(' '))('%s across accounts', async (operation) => {
  const KeyId = keys.get('for the account') ?? ''
  scene.iam.set(FOREIGN.role, { identity: [policyOf(allow())] })
  const named = {
    ...(operation === 'CreateAlias' ? { TargetKeyId: KeyId } : { KeyId }),
    ...(operation === 'ReEncrypt' ? { SourceKeyId: KeyId, DestinationKeyId: KeyId } : {}),
  }
  const reasons = await reasonsFor(scene.kms.as(FOREIGN.role), operation, { ...named, ...MEMBERS[operation] })
  const expected = CROSS_ACCOUNT.has(operation) ? BOTH : OWN_ONLY
  expect([...new Set(reasons.filter((reason) => reason !== IDENTITY))]).toEqual([expected])
})

const ONLY_DESCRIBE = policyOf(allow({ Action: 'kms:DescribeKey' }))
const ONLY_ENCRYPT = policyOf(allow({ Action: 'kms:Encrypt' }))

/** A key policy for whom, a limit on the caller, and the answer to DescribeKey. */
const LIMITS: ReadonlyArray<readonly [whom: string, kind: string, limit: string, answer: string]> = [
  ['account', 'boundary', ONLY_DESCRIBE, IDENTITY],
  ['account', 'boundary', ONLY_ENCRYPT, 'no permissions boundary'],
  ['account', 'boundary', policyOf(allow(), deny()), 'deny in permissions boundary'],
  ['role', 'boundary', ONLY_ENCRYPT, 'no permissions boundary'],
  ['role', 'boundary', ONLY_DESCRIBE, KEY],
  ['anyone', 'boundary', ONLY_ENCRYPT, 'no permissions boundary'],
  ['session', 'boundary', ONLY_ENCRYPT, KEY],
  ['session', 'boundary', policyOf(deny()), 'deny in permissions boundary'],
  ['account', 'session', ONLY_DESCRIBE, IDENTITY],
  ['account', 'session', ONLY_ENCRYPT, 'no session policy'],
  ['role', 'session', ONLY_ENCRYPT, 'no session policy'],
  ['role', 'session', ONLY_DESCRIBE, KEY],
  ['anyone', 'session', ONLY_ENCRYPT, 'no session policy'],
  ['session', 'session', ONLY_ENCRYPT, KEY],
  ['session', 'session', policyOf(deny()), 'deny in session policy'],
  ['account', 'service control', ONLY_ENCRYPT, 'no service control policy'],
  ['account', 'service control', ONLY_DESCRIBE, IDENTITY],
  ['session', 'service control', ONLY_ENCRYPT, 'no service control policy'],
  ['role', 'service control', policyOf(allow(), deny()), 'deny in service control policy'],
]

const PRINCIPALS: Readonly<Record<string, unknown>> = {
  account: { AWS: ACCOUNT },
  role: { AWS: OWN.role },
  anyone: '*',
  session: { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/app/s` },
}

test.each(LIMITS)('a key policy for %s and a %s policy', async (whom, kind, limit, answer) => {
  const KeyId = await createKeyWith(scene.kms, policyOf(allow({ Principal: PRINCIPALS[whom] })))
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/app/s`
  const boundary = kind === 'boundary' ? { boundary: limit } : {}
  scene.iam.set(OWN.role, { identity: [policyOf(allow())], ...boundary })
  scene.iam.set(session, kind === 'session' ? { session: [limit] } : {})
  scene.iam.setAccount(ACCOUNT, kind === 'service control' ? { serviceControl: [[policyOf(allow())], [limit]] } : {})
  expect(await reasonsFor(scene.kms.as(session), 'DescribeKey', { KeyId })).toEqual([answer])
  scene.iam.setAccount(ACCOUNT, {})
})

test('a key policy that names the user is not held back by its boundary', async () => {
  const user = `arn:aws:iam::${ACCOUNT}:user/bob`
  scene.iam.set(user, { boundary: ONLY_ENCRYPT })
  const KeyId = await createKeyWith(scene.kms, policyOf(allow({ Principal: { AWS: user } })))
  expect(await reasonsFor(scene.kms.as(user), 'DescribeKey', { KeyId })).toEqual([KEY])
})

test('every level of an organization must allow, root users included', async () => {
  const KeyId = keys.get('for the account') ?? ''
  scene.iam.set(OWN.role, { identity: [policyOf(allow())] })
  const levels = [[policyOf(allow())], [ONLY_ENCRYPT, ONLY_DESCRIBE]]
  scene.iam.setAccount(ACCOUNT, { serviceControl: levels })
  expect(await reasonsFor(scene.kms.as(OWN.root), 'DescribeKey', { KeyId })).toEqual([KEY])
  expect(await reasonsFor(scene.kms.as(OWN.root), 'DisableKey', { KeyId })).toEqual(['no service control policy'])
  expect(await reasonsFor(scene.kms.as(OWN.role), 'DescribeKey', { KeyId })).toEqual([IDENTITY])
  scene.iam.setAccount(ACCOUNT, { serviceControl: [...levels, []] })
  expect(await reasonsFor(scene.kms.as(OWN.role), 'DescribeKey', { KeyId })).toEqual(['no service control policy'])
  scene.iam.setAccount(ACCOUNT, {})
})

test("a resource control policy is the key's account's, and bounds strangers too", async () => {
  const KeyId = keys.get('for the account') ?? ''
  const everything = allow({ Principal: '*' })
  const stranger = { StringNotEquals: { 'aws:PrincipalAccount': ACCOUNT } }
  for (const { role } of [OWN, FOREIGN]) scene.iam.set(role, { identity: [policyOf(allow())] })
  scene.iam.setAccount(ACCOUNT, {
    resourceControl: [[policyOf(everything)], [policyOf(everything, deny({ Principal: '*', Condition: stranger }))]],
  })
  expect(await reasonsFor(scene.kms.as(OWN.role), 'DescribeKey', { KeyId })).toEqual([IDENTITY])
  expect(await reasonsFor(scene.kms.as(FOREIGN.role), 'DescribeKey', { KeyId })).toEqual([
    'deny in resource control policy',
  ])
  scene.iam.setAccount(ACCOUNT, { resourceControl: [[]] })
  for (const role of [OWN.role, FOREIGN.role]) {
    expect(await reasonsFor(scene.kms.as(role), 'DescribeKey', { KeyId })).toEqual(['no resource control policy'])
  }
  expect(await reasonsFor(scene.kms.as(OWN.role), 'ListKeys')).toEqual([IDENTITY])
  scene.iam.setAccount(ACCOUNT, {})
})

test('no resource control policy binds AWS managed keys, and none the end of grants', async () => {
  const { kms, iam } = await startPolicyScene()
  const KeyId = await createKeyWith(kms, policyOf(allow({ Principal: { AWS: ACCOUNT } })))
  const { GrantId } = await kms.createGrant({ KeyId, GranteePrincipal: OWN.role, Operations: ['Decrypt'] })
  iam.setAccount(ACCOUNT, { resourceControl: [[policyOf(allow({ Principal: '*' }), deny({ Principal: '*' }))]] })
  expect(await reasonsFor(kms, 'DescribeKey', { KeyId })).toEqual(['deny in resource control policy'])
  expect(await reasonsFor(kms, 'RetireGrant', { KeyId, GrantId })).toEqual(['allowed by grant'])
  const through = kms.asService('s3.amazonaws.com', { onBehalfOf: OWN.role })
  const dataKey = { KeyId: 'alias/aws/s3', KeySpec: 'AES_256' }
  expect(await reasonsFor(through, 'GenerateDataKey', dataKey)).toEqual([KEY])
})

test('in an account about which nothing was said, callers have full permission on their own side', async () => {
  const { kms, iam } = await startPolicyScene()
  const delegating = await createKeyWith(kms, policyOf(allow({ Principal: { AWS: ACCOUNT } })))
  const closed = await createKeyWith(kms, policyOf(allow({ Principal: { AWS: OWN.root }, Action: 'kms:List*' })))
  const role = kms.as(OWN.role)
  expect(await reasonsFor(role, 'DescribeKey', { KeyId: delegating })).toEqual([IDENTITY])
  expect(await reasonsFor(role, 'DescribeKey', { KeyId: closed })).toEqual([NO_KEY])
  expect(await reasonsFor(role, 'ListKeys')).toEqual([IDENTITY])
  iam.set(`arn:aws:iam::${ACCOUNT}:user/somebody`, {})
  expect(await reasonsFor(role, 'DescribeKey', { KeyId: delegating })).toEqual([NO_IDENTITY])
  expect(await reasonsFor(role, 'ListKeys')).toEqual([NO_IDENTITY])
  iam.delete(`arn:aws:iam::${ACCOUNT}:user/somebody`)
  expect(await reasonsFor(role, 'ListKeys')).toEqual([NO_IDENTITY])
  expect(await reasonsFor(kms.as(FOREIGN.role), 'ListKeys')).toEqual([IDENTITY])
})
