/**
 * Policies as AWS documents them, each with requests that it means to allow or to keep out.
 *
 * @covers KMS developer guide: key policies, IAM policies, condition keys, cross-account access, ABAC
 */
import { beforeEach, expect, test } from 'vitest'
import { ACCOUNT, OTHER_ACCOUNT, REGION } from '../../support/kms-fixture.ts'
import { requestFor } from '../../support/operation-requests.ts'
import { type PolicyScene, createKeyWith, policyOf, reasonsFor, startPolicyScene } from '../../support/policy-scene.ts'

const ROLE = `arn:aws:iam::${ACCOUNT}:role/ExampleRole`
const ADMIN = `arn:aws:iam::${ACCOUNT}:role/ExampleAdminRole`
const FOREIGN = `arn:aws:iam::${OTHER_ACCOUNT}:role/ExampleRole`

const KEY = 'allowed by key policy'
const IDENTITY = 'allowed by identity policy'
const BOTH = 'allowed by key policy and identity policy'
const NO_KEY = 'no resource-based policy'
const NO_IDENTITY = 'no identity-based policy'
const DENIED = 'deny in resource-based policy'

const ENABLE_IAM = {
  Sid: 'Enable IAM User Permissions',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: 'kms:*',
  Resource: '*',
}
const ADMINISTRATORS = {
  Sid: 'Allow access for Key Administrators',
  Effect: 'Allow',
  Principal: { AWS: ADMIN },
  Action: [
    'kms:Create*',
    'kms:Describe*',
    'kms:Enable*',
    'kms:List*',
    'kms:Put*',
    'kms:Update*',
    'kms:Revoke*',
    'kms:Disable*',
    'kms:Get*',
    'kms:Delete*',
    'kms:TagResource',
    'kms:UntagResource',
    'kms:ScheduleKeyDeletion',
    'kms:CancelKeyDeletion',
  ],
  Resource: '*',
}
const USERS = {
  Sid: 'Allow use of the key',
  Effect: 'Allow',
  Principal: { AWS: ROLE },
  Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
  Resource: '*',
}

let scene: PolicyScene
beforeEach(async () => {
  scene = await startPolicyScene()
  // Policies decide in both accounts; what somebody has is said in each test.
  for (const account of [ACCOUNT, OTHER_ACCOUNT]) scene.iam.set(`arn:aws:iam::${account}:user/nobody`, {})
})

interface Ask {
  readonly who: string
  readonly operation: string
  readonly members?: object
  readonly conditionKeys?: Readonly<Record<string, string | readonly string[]>>
  readonly answer: string
}

async function expectAnswers(KeyId: string, asks: readonly Ask[]): Promise<void> {
  for (const { who, operation, members = {}, conditionKeys = {}, answer } of asks) {
    const input = { ...requestFor(operation, KeyId), ...members }
    const reasons = await reasonsFor(scene.kms.as(who, { conditionKeys }), operation, input)
    expect({ who, operation, reasons: [...new Set(reasons)] }).toEqual({ who, operation, reasons: [answer] })
  }
}

test('the policy that the console writes: administrators manage and do not use, users use and do not manage', async () => {
  const KeyId = await createKeyWith(scene.kms, policyOf(ENABLE_IAM, ADMINISTRATORS, USERS))
  await expectAnswers(KeyId, [
    ...['DescribeKey', 'DisableKey', 'EnableKeyRotation', 'PutKeyPolicy', 'ScheduleKeyDeletion', 'TagResource'].map(
      (operation) => ({ who: ADMIN, operation, answer: KEY }),
    ),
    ...['Encrypt', 'Decrypt', 'GenerateDataKey', 'ReEncrypt', 'Sign'].map((operation) => ({
      who: ADMIN,
      operation,
      answer: NO_IDENTITY,
    })),
    ...['Encrypt', 'Decrypt', 'ReEncrypt', 'GenerateDataKeyPairWithoutPlaintext', 'DescribeKey'].map((operation) => ({
      who: ROLE,
      operation,
      answer: KEY,
    })),
    ...['DisableKey', 'PutKeyPolicy', 'TagResource', 'GetKeyPolicy'].map((operation) => ({
      who: ROLE,
      operation,
      answer: NO_IDENTITY,
    })),
    { who: FOREIGN, operation: 'Encrypt', answer: NO_KEY },
  ])
})

test('another account uses a key: its root in the key policy, and an IAM policy for its role', async () => {
  const statement = { ...USERS, Principal: { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` } }
  const KeyId = await createKeyWith(scene.kms, policyOf(ENABLE_IAM, statement))
  await expectAnswers(KeyId, [{ who: FOREIGN, operation: 'Encrypt', answer: NO_IDENTITY }])
  const allowing = { Effect: 'Allow', Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:CreateGrant'], Resource: KeyId }
  scene.iam.set(FOREIGN, { identity: [policyOf(allowing)] })
  await expectAnswers(KeyId, [
    { who: FOREIGN, operation: 'Encrypt', answer: BOTH },
    { who: FOREIGN, operation: 'Decrypt', answer: BOTH },
    { who: FOREIGN, operation: 'GenerateDataKey', answer: NO_IDENTITY },
    { who: FOREIGN, operation: 'GetKeyPolicy', answer: 'own account only' },
  ])
})

test('kms:CallerAccount and kms:ViaService: everybody in the account, through one service', async () => {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey*'],
    Resource: '*',
    Condition: {
      StringEquals: { 'kms:CallerAccount': ACCOUNT, 'kms:ViaService': `ec2.${REGION}.amazonaws.com` },
    },
  }
  const KeyId = await createKeyWith(scene.kms, policyOf(statement))
  const through = { 'kms:ViaService': `ec2.${REGION}.amazonaws.com` }
  await expectAnswers(KeyId, [
    { who: ROLE, operation: 'Decrypt', conditionKeys: through, answer: KEY },
    { who: ROLE, operation: 'Decrypt', answer: NO_KEY },
    {
      who: ROLE,
      operation: 'Decrypt',
      conditionKeys: { 'kms:ViaService': `s3.${REGION}.amazonaws.com` },
      answer: NO_KEY,
    },
    { who: ROLE, operation: 'DescribeKey', conditionKeys: through, answer: NO_KEY },
    { who: FOREIGN, operation: 'Decrypt', conditionKeys: through, answer: NO_KEY },
  ])
})

test('kms:EncryptionContext:, case and all, and a required set of keys', async () => {
  const using = (Condition: object): object => ({ ...USERS, Action: 'kms:GenerateDataKey', Condition })
  const both = { AppName: 'ExampleApp', FilePath: '/var/opt/secrets/' }
  const ask = (EncryptionContext: object | undefined, answer: string): Ask => ({
    who: ROLE,
    operation: 'GenerateDataKey',
    members: { EncryptionContext },
    answer,
  })
  const byValue = await createKeyWith(
    scene.kms,
    policyOf(using({ StringEquals: { 'kms:EncryptionContext:AppName': 'ExampleApp' } })),
  )
  await expectAnswers(byValue, [
    ask({ AppName: 'ExampleApp' }, KEY),
    ask({ appname: 'ExampleApp' }, KEY),
    ask({ AppName: 'exampleapp' }, NO_KEY),
    ask({ AppName: 'ExampleApp', Other: 'x' }, KEY),
    ask({ Other: 'ExampleApp' }, NO_KEY),
    ask(undefined, NO_KEY),
  ])
  const keys = { 'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': ['AppName', 'FilePath'] } }
  const byAnyKey = await createKeyWith(scene.kms, policyOf(using(keys)))
  await expectAnswers(byAnyKey, [
    ask({ AppName: 'x' }, KEY),
    ask({ Other: 'x', FilePath: 'y' }, KEY),
    ask({ appname: 'x' }, NO_KEY),
    ask(undefined, NO_KEY),
  ])
  const allKeys = {
    'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['AppName', 'FilePath'] },
    Null: { 'kms:EncryptionContextKeys': 'false' },
  }
  const byAllKeys = await createKeyWith(scene.kms, policyOf(using(allKeys)))
  await expectAnswers(byAllKeys, [
    ask(both, KEY),
    ask({ AppName: 'x' }, KEY),
    ask({ ...both, Other: 'x' }, NO_KEY),
    ask(undefined, NO_KEY),
  ])
  const exact = {
    StringEquals: {
      'kms:EncryptionContext:AppName': 'ExampleApp',
      'kms:EncryptionContext:FilePath': '/var/opt/secrets/',
    },
  }
  const byBoth = await createKeyWith(scene.kms, policyOf(using(exact)))
  await expectAnswers(byBoth, [ask(both, KEY), ask({ AppName: 'ExampleApp' }, NO_KEY)])
})

test('kms:RequestAlias and kms:ResourceAliases in IAM policies', async () => {
  const KeyId = await createKeyWith(scene.kms, policyOf(ENABLE_IAM))
  await scene.kms.createAlias({ AliasName: 'alias/ExampleAlias', TargetKeyId: KeyId })
  const using = {
    Effect: 'Allow',
    Action: ['kms:Encrypt', 'kms:DescribeKey', 'kms:DisableKey'],
    Resource: `arn:aws:kms:*:${ACCOUNT}:key/*`,
  }
  scene.iam.set(ROLE, {
    identity: [policyOf({ ...using, Condition: { StringLike: { 'kms:RequestAlias': 'alias/Example*' } } })],
  })
  await expectAnswers(KeyId, [
    { who: ROLE, operation: 'Encrypt', members: { KeyId: 'alias/ExampleAlias' }, answer: IDENTITY },
    {
      who: ROLE,
      operation: 'DescribeKey',
      members: { KeyId: `arn:aws:kms:${REGION}:${ACCOUNT}:alias/ExampleAlias` },
      answer: IDENTITY,
    },
    { who: ROLE, operation: 'Encrypt', answer: NO_IDENTITY },
    { who: ROLE, operation: 'DisableKey', answer: NO_IDENTITY },
  ])
  scene.iam.set(ROLE, {
    identity: [
      policyOf({
        ...using,
        Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/ExampleAlias' } },
      }),
    ],
  })
  await expectAnswers(KeyId, [
    { who: ROLE, operation: 'Encrypt', answer: IDENTITY },
    { who: ROLE, operation: 'DisableKey', answer: IDENTITY },
  ])
})

test('an alias as Resource says nothing about the use of its key', async () => {
  const KeyId = await createKeyWith(scene.kms, policyOf(ENABLE_IAM))
  await scene.kms.createAlias({ AliasName: 'alias/ExampleAlias', TargetKeyId: KeyId })
  const byAlias = { Effect: 'Allow', Action: 'kms:*', Resource: `arn:aws:kms:${REGION}:${ACCOUNT}:alias/ExampleAlias` }
  scene.iam.set(ROLE, { identity: [policyOf(byAlias)] })
  await expectAnswers(KeyId, [
    { who: ROLE, operation: 'Encrypt', members: { KeyId: 'alias/ExampleAlias' }, answer: NO_IDENTITY },
  ])
  const role = scene.kms.as(ROLE)
  expect(await reasonsFor(role, 'DeleteAlias', { AliasName: 'alias/ExampleAlias' })).toEqual([IDENTITY, NO_IDENTITY])
})

test('attributes: a tag of the key, and a tag of the caller that must be the same', async () => {
  const Tags = [{ TagKey: 'Project', TagValue: 'Alpha' }]
  const KeyId = await createKeyWith(scene.kms, policyOf(ENABLE_IAM), { Tags })
  const using = { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:UntagResource', 'kms:TagResource'], Resource: '*' }
  scene.iam.set(ROLE, {
    identity: [policyOf({ ...using, Condition: { StringEquals: { 'aws:ResourceTag/Project': 'Alpha' } } })],
  })
  await expectAnswers(KeyId, [{ who: ROLE, operation: 'Decrypt', answer: IDENTITY }])
  const same = { StringEquals: { 'aws:ResourceTag/Project': '${aws:PrincipalTag/Project}' } }
  scene.iam.set(ROLE, { identity: [policyOf({ ...using, Condition: same })] })
  await expectAnswers(KeyId, [
    { who: ROLE, operation: 'Decrypt', conditionKeys: { 'aws:PrincipalTag/Project': 'Alpha' }, answer: IDENTITY },
    { who: ROLE, operation: 'Decrypt', conditionKeys: { 'aws:PrincipalTag/Project': 'Beta' }, answer: NO_IDENTITY },
    { who: ROLE, operation: 'Decrypt', answer: NO_IDENTITY },
  ])
  const protectedTag = {
    Effect: 'Deny',
    Action: 'kms:UntagResource',
    Resource: '*',
    Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'Project' } },
  }
  scene.iam.set(ROLE, { identity: [policyOf(using, protectedTag)] })
  await expectAnswers(KeyId, [
    { who: ROLE, operation: 'UntagResource', members: { TagKeys: ['Stage'] }, answer: IDENTITY },
    {
      who: ROLE,
      operation: 'UntagResource',
      members: { TagKeys: ['Stage', 'Project'] },
      answer: 'deny in identity-based policy',
    },
  ])
})

test('numbers and flags that guard what cannot be undone', async () => {
  const everyone = { Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'kms:*', Resource: '*' }
  const guard = (Action: string, Condition: object): object => ({
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action,
    Resource: '*',
    Condition,
  })
  const policy = policyOf(
    everyone,
    guard('kms:ScheduleKeyDeletion', { NumericLessThan: { 'kms:ScheduleKeyDeletionPendingWindowInDays': '21' } }),
    guard('kms:EnableKeyRotation', { NumericGreaterThan: { 'kms:RotationPeriodInDays': 180 } }),
    guard('kms:PutKeyPolicy', { Bool: { 'kms:BypassPolicyLockoutSafetyCheck': true } }),
    guard('kms:ReEncrypt*', { Bool: { 'kms:ReEncryptOnSameKey': 'false' } }),
    guard('kms:Sign', { StringNotLike: { 'kms:SigningAlgorithm': 'RSASSA_PSS_*' } }),
    guard('kms:GenerateDataKeyPair*', { StringNotEquals: { 'kms:DataKeyPairSpec': 'RSA_4096' } }),
  )
  const KeyId = await createKeyWith(scene.kms, policy)
  const other = await createKeyWith(scene.kms, policy)
  await expectAnswers(KeyId, [
    { who: ROLE, operation: 'ScheduleKeyDeletion', members: { PendingWindowInDays: 7 }, answer: DENIED },
    { who: ROLE, operation: 'ScheduleKeyDeletion', members: { PendingWindowInDays: 21 }, answer: KEY },
    { who: ROLE, operation: 'ScheduleKeyDeletion', answer: KEY },
    { who: ROLE, operation: 'EnableKeyRotation', members: { RotationPeriodInDays: 181 }, answer: DENIED },
    { who: ROLE, operation: 'EnableKeyRotation', members: { RotationPeriodInDays: 180 }, answer: KEY },
    { who: ROLE, operation: 'EnableKeyRotation', answer: DENIED },
    { who: ROLE, operation: 'PutKeyPolicy', answer: DENIED },
    { who: ROLE, operation: 'PutKeyPolicy', members: { BypassPolicyLockoutSafetyCheck: false }, answer: KEY },
    { who: ROLE, operation: 'ReEncrypt', answer: KEY },
    { who: ROLE, operation: 'ReEncrypt', members: { DestinationKeyId: other }, answer: DENIED },
    { who: ROLE, operation: 'Sign', answer: DENIED },
    { who: ROLE, operation: 'Sign', members: { SigningAlgorithm: 'RSASSA_PSS_SHA_256' }, answer: KEY },
    { who: ROLE, operation: 'GenerateDataKeyPair', answer: DENIED },
    { who: ROLE, operation: 'GenerateDataKeyPair', members: { KeyPairSpec: 'RSA_4096' }, answer: KEY },
  ])
})

test('IAM policies that allow and keep out whole accounts, Regions and keys', async () => {
  const KeyId = await createKeyWith(scene.kms, policyOf(ENABLE_IAM))
  const answers = async (policy: string): Promise<readonly string[]> => {
    scene.iam.set(ROLE, { identity: [policy] })
    return reasonsFor(scene.kms.as(ROLE), 'DescribeKey', { KeyId })
  }
  const describing = (Resource: string | readonly string[], rest: object = {}): string =>
    policyOf({ Effect: 'Allow', Action: 'kms:DescribeKey', Resource, ...rest })
  expect(await answers(describing(KeyId))).toEqual([IDENTITY])
  expect(await answers(describing(`arn:aws:kms:${REGION}:${ACCOUNT}:key/*`))).toEqual([IDENTITY])
  expect(await answers(describing(`arn:aws:kms:*:${ACCOUNT}:key/*`))).toEqual([IDENTITY])
  expect(await answers(describing('arn:aws:kms'))).toEqual([IDENTITY])
  expect(await answers(describing(`arn:aws:kms:us-*:${ACCOUNT}:key/*`))).toEqual([NO_IDENTITY])
  expect(await answers(describing(`arn:aws:kms:*:${OTHER_ACCOUNT}:key/*`))).toEqual([NO_IDENTITY])
  expect(await answers(describing(`arn:aws:kms:*:${ACCOUNT}:alias/*`))).toEqual([NO_IDENTITY])
  const region = { Condition: { StringEquals: { 'aws:RequestedRegion': REGION } } }
  expect(await answers(describing('*', region))).toEqual([IDENTITY])
  const symmetric = { Condition: { StringEquals: { 'kms:KeySpec': 'SYMMETRIC_DEFAULT', 'kms:KeyOrigin': 'AWS_KMS' } } }
  expect(await answers(describing('*', symmetric))).toEqual([IDENTITY])
  const imported = { Condition: { StringEquals: { 'kms:KeyOrigin': 'EXTERNAL' } } }
  expect(await answers(describing('*', imported))).toEqual([NO_IDENTITY])
})

test('an AWS managed key is used through its service, and shown to the account', async () => {
  const { KeyMetadata } = await scene.kms.describeKey({ KeyId: 'alias/aws/s3' })
  const KeyId = KeyMetadata?.Arn ?? ''
  const through = { 'kms:ViaService': `s3.${REGION}.amazonaws.com` }
  const root = `arn:aws:iam::${ACCOUNT}:root`
  await expectAnswers(KeyId, [
    { who: ROLE, operation: 'GenerateDataKey', conditionKeys: through, answer: KEY },
    { who: ROLE, operation: 'Decrypt', answer: NO_KEY },
    { who: root, operation: 'Encrypt', answer: NO_KEY },
    { who: root, operation: 'GetKeyPolicy', answer: KEY },
    { who: root, operation: 'PutKeyPolicy', answer: NO_KEY },
    { who: FOREIGN, operation: 'Decrypt', conditionKeys: through, answer: NO_KEY },
  ])
})
