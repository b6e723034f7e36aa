/**
 * The condition keys: to which actions each belongs, and what it says of a request.
 *
 * @covers KMS authorization §6; service authorization reference of KMS
 */
import { type StatementTrace, OPERATIONS } from '@softkms/kms'
import { beforeAll, expect, test } from 'vitest'
import { ACCOUNT, OTHER_REGION, REGION } from '../../support/kms-fixture.ts'
import { BY_ALIAS, requestFor } from '../../support/operation-requests.ts'
import {
  type PolicyScene,
  USER,
  allow,
  createKeyWith,
  policyOf,
  reasonsFor,
  startPolicyScene,
} from '../../support/policy-scene.ts'
import { ACTION_KEYS, RESOURCE_KEYS } from './action-keys.ts'

const VIA = { 'kms:ViaService': `s3.${REGION}.amazonaws.com` }

let scene: PolicyScene
let keyArn = ''
let grantId: string | undefined
beforeAll(async () => {
  // One more than a policy may ask for.
  scene = await startPolicyScene({ aliasesPerKey: 51 })
  const Tags = [
    { TagKey: 'Team', TagValue: 'blue' },
    { TagKey: 'stage', TagValue: 'test' },
  ]
  keyArn = await createKeyWith(scene.kms, policyOf(allow({ Principal: '*' })), { Tags })
  for (const AliasName of ['alias/there', 'alias/also']) {
    await scene.kms.createAlias({ AliasName, TargetKeyId: keyArn })
  }
  const grant = { Operations: ['Decrypt'], Constraints: { EncryptionContextEquals: { a: 'b' } } } as const
  grantId = (await scene.kms.createGrant({ KeyId: keyArn, GranteePrincipal: USER, ...grant })).GrantId
})

/** What the request says to each of the condition keys, absent ones left out; one record for each thing asked. */
async function valuesOf(
  names: readonly string[],
  operation: string,
  input: object,
  conditionKeys: Readonly<Record<string, string | readonly string[]>> = VIA,
  caller = USER,
): Promise<ReadonlyArray<{ readonly action: string; readonly values: Readonly<Record<string, readonly string[]>> }>> {
  const Condition = { Null: Object.fromEntries(names.map((name) => [name, 'false'])) }
  scene.iam.set(USER, { identity: [policyOf(allow({ Condition }))] })
  scene.iam.setAccount(ACCOUNT, { serviceControl: [[policyOf(allow({ Condition }))]] })
  const explanations = await scene.kms.as(caller, { conditionKeys }).why(operation, input)
  scene.iam.setAccount(ACCOUNT, {})
  return explanations.map(({ action, statements }) => ({ action, values: tracedValues(statements) }))
}

function tracedValues(statements: readonly StatementTrace[]): Readonly<Record<string, readonly string[]>> {
  const control = statements.find(({ kind }) => kind === 'service control policy')
  return Object.fromEntries(
    (control?.conditions ?? []).flatMap(({ key, actual }) => (actual === undefined ? [] : [[key, actual]])),
  )
}

const ALL_KEYS = [...new Set([...Object.values(ACTION_KEYS).flatMap((keys) => keys.split(' ')), ...RESOURCE_KEYS])]
  .filter((name) => name !== '')
  .map((name) => `kms:${name}`)

/** ML-KEM is younger than the table, and needs a key and a ciphertext of its own kind. */
const OPERATION_NAMES = Object.keys(OPERATIONS).filter((name) => name in ACTION_KEYS || name === 'ReEncrypt')

test('the table knows every operation but those of ML-KEM', () => {
  const missing = Object.keys(OPERATIONS).filter((name) => !OPERATION_NAMES.includes(name))
  expect(missing.filter((name) => !['Decapsulate', 'Encapsulate'].includes(name))).toEqual([])
})

test.each(OPERATION_NAMES)('%s has the keys that AWS gives it, and no other', async (operation) => {
  const key = BY_ALIAS.has(operation) ? 'alias/there' : keyArn
  const asked = await valuesOf(ALL_KEYS, operation, requestFor(operation, key, grantId))
  expect(asked.length).toBeGreaterThan(0)
  for (const { action, values } of asked) {
    // What ReplicateKey asks of the key that it would make belongs to CreateKey.
    if (operation === 'ReplicateKey' && action === 'kms:CreateKey') continue
    const isAboutKey = !KEYLESS.includes(action)
    const own = (ACTION_KEYS[action.slice('kms:'.length)] ?? '').split(' ').filter((name) => name !== '')
    const expected = [...own, ...(isAboutKey ? RESOURCE_KEYS : [])].map((name) => `kms:${name}`)
    // The request for an alias itself is about no key.
    if (asked.length > 1 && action.endsWith('Alias') && !('kms:KeySpec' in values)) continue
    if (action === 'kms:CreateKey') expected.push('kms:CustomerMasterKeySpec', 'kms:CustomerMasterKeyUsage')
    expect(Object.keys(values).toSorted()).toEqual([...new Set(expected)].toSorted())
  }
})

const KEYLESS = [
  ...Object.keys(OPERATIONS).filter((name) => name.includes('CustomKeyStore')),
  ...['CreateKey', 'GenerateRandom', 'ListAliases', 'ListKeys', 'ListRetirableGrants'],
].map((name) => `kms:${name}`)

type Row = readonly [key: string, operation: string, input: object, values: readonly string[] | undefined]

const bytes = Uint8Array.of(1)

/** Filled with the key's name where `KeyId` is missing. */
const ROWS: readonly Row[] = [
  ['kms:CallerAccount', 'DescribeKey', {}, [ACCOUNT]],
  ['kms:ViaService', 'DescribeKey', {}, [VIA['kms:ViaService']]],
  ['kms:KeySpec', 'DescribeKey', {}, ['SYMMETRIC_DEFAULT']],
  ['kms:KeyUsage', 'DescribeKey', {}, ['ENCRYPT_DECRYPT']],
  ['kms:KeyOrigin', 'DescribeKey', {}, ['AWS_KMS']],
  ['kms:MultiRegion', 'DescribeKey', {}, ['false']],
  ['kms:MultiRegionKeyType', 'DescribeKey', {}, undefined],
  ['kms:MultiRegion', 'CreateKey', { MultiRegion: true }, ['true']],
  ['kms:MultiRegionKeyType', 'CreateKey', { MultiRegion: true }, ['PRIMARY']],
  ['kms:KeyOrigin', 'CreateKey', { Origin: 'EXTERNAL' }, ['EXTERNAL']],
  ['kms:KeySpec', 'CreateKey', {}, ['SYMMETRIC_DEFAULT']],
  ['kms:KeySpec', 'CreateKey', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }, ['ECC_NIST_P256']],
  [
    'kms:CustomerMasterKeySpec',
    'CreateKey',
    { CustomerMasterKeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' },
    ['RSA_2048'],
  ],
  ['kms:KeyUsage', 'CreateKey', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }, ['GENERATE_VERIFY_MAC']],
  ['kms:KeyUsage', 'CreateKey', {}, ['ENCRYPT_DECRYPT']],
  ['kms:KeyOrigin', 'CreateKey', {}, ['AWS_KMS']],
  ['kms:MultiRegion', 'CreateKey', {}, ['false']],
  ['kms:BypassPolicyLockoutSafetyCheck', 'CreateKey', {}, undefined],
  ['kms:BypassPolicyLockoutSafetyCheck', 'CreateKey', { BypassPolicyLockoutSafetyCheck: true }, ['true']],
  ['kms:BypassPolicyLockoutSafetyCheck', 'CreateKey', { BypassPolicyLockoutSafetyCheck: false }, ['false']],
  ['aws:RequestTag/team', 'CreateKey', { Tags: [{ TagKey: 'Team', TagValue: 'red' }] }, ['red']],
  ['aws:RequestTag/team', 'CreateKey', {}, undefined],
  [
    'aws:TagKeys',
    'CreateKey',
    {
      Tags: [
        { TagKey: 'Team', TagValue: 'red' },
        { TagKey: 'b', TagValue: '' },
      ],
    },
    ['Team', 'b'],
  ],
  ['aws:RequestTag/Team', 'TagResource', { Tags: [{ TagKey: 'Team', TagValue: 'red' }] }, ['red']],
  ['aws:TagKeys', 'UntagResource', { TagKeys: ['x', 'y'] }, ['x', 'y']],
  ['aws:TagKeys', 'DescribeKey', {}, undefined],
  ['aws:RequestTag/Team', 'DescribeKey', {}, undefined],
  ['aws:ResourceTag/team', 'DescribeKey', {}, ['blue']],
  ['aws:ResourceTag/Stage', 'DisableKey', {}, ['test']],
  ['aws:ResourceTag/none', 'DisableKey', {}, undefined],
  ['aws:ResourceTag/team', 'ListKeys', {}, undefined],
  ['kms:EncryptionContext:Order', 'Encrypt', { Plaintext: bytes, EncryptionContext: { order: '1', b: 'c' } }, ['1']],
  ['kms:EncryptionContext:order', 'Encrypt', { Plaintext: bytes }, undefined],
  [
    'kms:EncryptionContextKeys',
    'Encrypt',
    { Plaintext: bytes, EncryptionContext: { order: '1', b: 'c' } },
    ['order', 'b'],
  ],
  ['kms:EncryptionContextKeys', 'Encrypt', { Plaintext: bytes, EncryptionContext: {} }, undefined],
  ['kms:EncryptionContext:a:b', 'Encrypt', { Plaintext: bytes, EncryptionContext: { 'a:b': 'c' } }, ['c']],
  ['kms:EncryptionContext:__proto__', 'Encrypt', { Plaintext: bytes, EncryptionContext: {} }, undefined],
  ['kms:EncryptionAlgorithm', 'Encrypt', { Plaintext: bytes }, ['SYMMETRIC_DEFAULT']],
  [
    'kms:EncryptionAlgorithm',
    'Encrypt',
    { Plaintext: bytes, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' },
    ['RSAES_OAEP_SHA_256'],
  ],
  ['kms:EncryptionAlgorithm', 'GenerateDataKey', { NumberOfBytes: 8 }, ['SYMMETRIC_DEFAULT']],
  ['kms:DataKeyPairSpec', 'GenerateDataKeyPair', { KeyPairSpec: 'RSA_2048' }, ['RSA_2048']],
  ['kms:RequestAlias', 'DescribeKey', { KeyId: 'alias/there' }, ['alias/there']],
  ['kms:RequestAlias', 'DescribeKey', { KeyId: `arn:aws:kms:${REGION}:${ACCOUNT}:alias/there` }, ['alias/there']],
  ['kms:RequestAlias', 'DescribeKey', {}, undefined],
  ['kms:ResourceAliases', 'DescribeKey', {}, ['alias/also', 'alias/there']],
  ['kms:ResourceAliases', 'ListKeys', {}, undefined],
  ['kms:MessageType', 'Sign', { Message: bytes, SigningAlgorithm: 'ECDSA_SHA_256' }, ['RAW']],
  ['kms:MessageType', 'Sign', { Message: bytes, SigningAlgorithm: 'ECDSA_SHA_256', MessageType: 'DIGEST' }, ['DIGEST']],
  ['kms:SigningAlgorithm', 'Sign', { Message: bytes, SigningAlgorithm: 'ECDSA_SHA_256' }, ['ECDSA_SHA_256']],
  ['kms:MacAlgorithm', 'GenerateMac', { Message: bytes, MacAlgorithm: 'HMAC_SHA_512' }, ['HMAC_SHA_512']],
  ['kms:RotationPeriodInDays', 'EnableKeyRotation', {}, ['365']],
  ['kms:RotationPeriodInDays', 'EnableKeyRotation', { RotationPeriodInDays: 90 }, ['90']],
  ['kms:ScheduleKeyDeletionPendingWindowInDays', 'ScheduleKeyDeletion', {}, ['30']],
  ['kms:ScheduleKeyDeletionPendingWindowInDays', 'ScheduleKeyDeletion', { PendingWindowInDays: 7 }, ['7']],
  ['aws:PrincipalArn', 'ListKeys', {}, [USER]],
  ['aws:PrincipalAccount', 'ListKeys', {}, [ACCOUNT]],
  ['aws:PrincipalType', 'ListKeys', {}, ['User']],
  ['aws:username', 'ListKeys', {}, ['alice']],
  ['aws:RequestedRegion', 'ListKeys', {}, [REGION]],
  ['aws:ResourceAccount', 'DescribeKey', {}, [ACCOUNT]],
  ['aws:ResourceAccount', 'ListKeys', {}, undefined],
  ['aws:PrincipalIsAWSService', 'ListKeys', {}, ['false']],
  ['aws:ViaAWSService', 'ListKeys', {}, ['true']],
  ['aws:PrincipalServiceName', 'ListKeys', {}, undefined],
  ['aws:SourceIp', 'ListKeys', {}, undefined],
  ['kms:Nonsense', 'DescribeKey', {}, undefined],
  ['s3:prefix', 'DescribeKey', {}, undefined],
]

test.each(ROWS)('%s of %s %j', async (name, operation, input, expected) => {
  const base = ['CreateKey', 'ListKeys'].includes(operation) ? {} : { KeyId: keyArn }
  const [first] = await valuesOf([name], operation, { ...base, ...input })
  expect(first?.values[name]).toEqual(expected)
})

test('time comes from the clock', async () => {
  const [first] = await valuesOf(['aws:CurrentTime', 'aws:EpochTime'], 'ListKeys', {})
  const now = scene.clock.now()
  expect(first?.values).toEqual({
    'aws:CurrentTime': [new Date(now).toISOString()],
    'aws:EpochTime': [String(Math.floor(now / 1000))],
  })
})

test.each([
  [`arn:aws:iam::${ACCOUNT}:root`, 'Account', `arn:aws:iam::${ACCOUNT}:root`],
  [`arn:aws:iam::${ACCOUNT}:role/p/r`, 'AssumedRole', `arn:aws:iam::${ACCOUNT}:role/p/r`],
  [`arn:aws:sts::${ACCOUNT}:assumed-role/r/s`, 'AssumedRole', `arn:aws:iam::${ACCOUNT}:role/r`],
  [`arn:aws:sts::${ACCOUNT}:federated-user/f`, 'FederatedUser', `arn:aws:sts::${ACCOUNT}:federated-user/f`],
])('what %s is', async (caller, type, arn) => {
  const names = ['aws:PrincipalType', 'aws:PrincipalArn', 'aws:username']
  const [first] = await valuesOf(names, 'ListKeys', {}, {}, caller)
  expect(first?.values).toEqual({ 'aws:PrincipalType': [type], 'aws:PrincipalArn': [arn] })
})

test('what the front door says is taken for the keys that the engine does not know', async () => {
  const said = {
    'aws:SourceIp': '10.0.0.1',
    'aws:PrincipalTag/Team': ['a', 'b'],
    'aws:PrincipalArn': 'forged',
    'kms:KeySpec': 'forged',
  }
  const [first] = await valuesOf(Object.keys(said), 'DescribeKey', { KeyId: keyArn }, said)
  expect(first?.values).toEqual({
    'aws:SourceIp': ['10.0.0.1'],
    'aws:PrincipalTag/Team': ['a', 'b'],
    'aws:PrincipalArn': [USER],
    'kms:KeySpec': ['SYMMETRIC_DEFAULT'],
  })
})

test('multi-Region keys, and the keys that take part in moving the primary one', async () => {
  const Policy = policyOf(allow({ Principal: '*' }))
  const { KeyMetadata } = await scene.kms.createKey({ MultiRegion: true, Policy })
  const KeyId = KeyMetadata?.KeyId ?? ''
  await scene.kms.replicateKey({ KeyId, ReplicaRegion: OTHER_REGION, Policy })
  const names = ['kms:MultiRegion', 'kms:MultiRegionKeyType', 'kms:PrimaryRegion']
  const move = { 'kms:PrimaryRegion': [OTHER_REGION] }
  expect(await valuesOf(names, 'UpdatePrimaryRegion', { KeyId, PrimaryRegion: OTHER_REGION })).toEqual([
    {
      action: 'kms:UpdatePrimaryRegion',
      values: { 'kms:MultiRegion': ['true'], 'kms:MultiRegionKeyType': ['PRIMARY'], ...move },
    },
    {
      action: 'kms:UpdatePrimaryRegion',
      values: { 'kms:MultiRegion': ['true'], 'kms:MultiRegionKeyType': ['REPLICA'], ...move },
    },
  ])
})

test('what ReplicateKey would create', async () => {
  const Policy = policyOf(allow({ Principal: '*' }))
  const kind = { MultiRegion: true, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', Origin: 'EXTERNAL' } as const
  const { KeyMetadata } = await scene.kms.createKey({ ...kind, Policy })
  const names = [
    'kms:KeySpec',
    'kms:KeyUsage',
    'kms:KeyOrigin',
    'kms:MultiRegion',
    'kms:MultiRegionKeyType',
    'aws:RequestedRegion',
  ]
  const input = { KeyId: KeyMetadata?.KeyId, ReplicaRegion: OTHER_REGION }
  const values = {
    'kms:KeySpec': ['ECC_NIST_P256'],
    'kms:KeyUsage': ['SIGN_VERIFY'],
    'kms:KeyOrigin': ['EXTERNAL'],
    'kms:MultiRegion': ['true'],
  }
  expect(await valuesOf(names, 'ReplicateKey', input)).toEqual([
    {
      action: 'kms:ReplicateKey',
      values: { ...values, 'kms:MultiRegionKeyType': ['PRIMARY'], 'aws:RequestedRegion': [REGION] },
    },
    {
      action: 'kms:CreateKey',
      values: { ...values, 'kms:MultiRegionKeyType': ['REPLICA'], 'aws:RequestedRegion': [OTHER_REGION] },
    },
  ])
})

test.each([
  [`arn:aws:iam::${ACCOUNT}:root`, [ACCOUNT]],
  [`arn:aws:sts::${ACCOUNT}:federated-user/f`, [`${ACCOUNT}:f`]],
  [`arn:aws:sts::${ACCOUNT}:assumed-role/r/s`, ['AROA:s']],
  [USER, ['AROA:s']],
])('the user id of %s, where the front door says AROA:s', async (caller, expected) => {
  const [first] = await valuesOf(['aws:userid'], 'ListKeys', {}, { 'aws:userid': 'AROA:s' }, caller)
  expect(first?.values).toEqual({ 'aws:userid': expected })
})

test('the two keys of ReEncrypt', async () => {
  const other = await createKeyWith(scene.kms, policyOf(allow({ Principal: '*' })))
  const { CiphertextBlob } = await scene.kms.encrypt({ KeyId: keyArn, Plaintext: bytes, EncryptionContext: { s: '1' } })
  const names = [
    'kms:ReEncryptOnSameKey',
    'kms:EncryptionContextKeys',
    'kms:EncryptionContext:s',
    'kms:EncryptionContext:d',
    'kms:RequestAlias',
    'kms:EncryptionAlgorithm',
  ]
  const input = { CiphertextBlob, SourceEncryptionContext: { s: '1' }, DestinationEncryptionContext: { d: '2' } }
  const ask = async (rest: object) =>
    (await valuesOf(names, 'ReEncrypt', { ...input, ...rest })).map(({ values }) => values)
  const source = {
    'kms:EncryptionContextKeys': ['s'],
    'kms:EncryptionContext:s': ['1'],
    'kms:EncryptionAlgorithm': ['SYMMETRIC_DEFAULT'],
  }
  const destination = {
    'kms:EncryptionContextKeys': ['d'],
    'kms:EncryptionContext:d': ['2'],
    'kms:EncryptionAlgorithm': ['SYMMETRIC_DEFAULT'],
  }
  const same = { 'kms:ReEncryptOnSameKey': ['true'] }
  const different = { 'kms:ReEncryptOnSameKey': ['false'] }
  expect(await ask({ DestinationKeyId: keyArn })).toEqual([
    { ...source, ...same },
    { ...destination, ...same },
  ])
  expect(await ask({ DestinationKeyId: other })).toEqual([
    { ...source, ...different },
    { ...destination, ...different },
  ])
  const alias = { 'kms:RequestAlias': ['alias/there'] }
  expect(await ask({ SourceKeyId: 'alias/there', DestinationKeyId: 'alias/there' })).toEqual([
    { ...source, ...same, ...alias },
    { ...destination, ...same, ...alias },
  ])
})

test("the names of a key's aliases are for the policies of callers, and no more than 50", async () => {
  const Condition = { 'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/*' } }
  const naming = allow({ Principal: { AWS: ACCOUNT }, Action: 'kms:CreateAlias' })
  const byKey = await createKeyWith(scene.kms, policyOf(naming, allow({ Principal: { AWS: USER }, Condition })))
  const byCaller = await createKeyWith(scene.kms, policyOf(allow({ Principal: { AWS: ACCOUNT } })))
  scene.iam.set(USER, { identity: [policyOf(allow({ Condition }))] })
  for (const key of [byKey, byCaller])
    await scene.kms.createAlias({ AliasName: `alias/${key.slice(-8)}`, TargetKeyId: key })
  const user = scene.kms.as(USER)
  expect(await reasonsFor(user, 'DescribeKey', { KeyId: byKey })).toEqual(['no resource-based policy'])
  expect(await reasonsFor(user, 'DescribeKey', { KeyId: byCaller })).toEqual(['allowed by identity policy'])
  for (let i = 1; i < 50; i++) await scene.kms.createAlias({ AliasName: `alias/n${i}`, TargetKeyId: byCaller })
  expect(await reasonsFor(user, 'DescribeKey', { KeyId: byCaller })).toEqual(['allowed by identity policy'])
  await scene.kms.createAlias({ AliasName: 'alias/one-too-many', TargetKeyId: byCaller })
  expect(await reasonsFor(user, 'DescribeKey', { KeyId: byCaller })).toEqual(['no identity-based policy'])
  await expect(user.describeKey({ KeyId: byCaller })).rejects.toMatchObject({ name: 'AccessDeniedException' })
})
