/**
 * Refusals as callers see them, for every operation; the lockout check; the modes; the doors.
 *
 * @covers wire §4 (AccessDeniedException); KMS authorization §1, §3
 */
import { DescribeKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms'
import { OPERATIONS } from '@softkms/kms'
import { createFetchHandler, requestHandler } from 'softkms'
import { beforeAll, expect, test } from 'vitest'
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  OTHER_REGION,
  REGION,
  bytesOf,
  call,
  createKey,
  refusalOf,
  startKms,
} from '../../support/kms-fixture.ts'
import { requestFor } from '../../support/operation-requests.ts'
import {
  type PolicyScene,
  USER,
  allow,
  createKeyWith,
  deny,
  policyOf,
  startPolicyScene,
} from '../../support/policy-scene.ts'

const LOCKOUT = 'The new key policy will not allow you to update the key policy in the future.'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`
const STRANGER = `arn:aws:iam::${OTHER_ACCOUNT}:user/eve`
const HIDDEN =
  'because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based ' +
  'policy explicitly denies access'

let scene: PolicyScene
let keyArn = ''
let grantId: string | undefined
beforeAll(async () => {
  scene = await startPolicyScene()
  keyArn = await createKeyWith(scene.kms, policyOf(allow({ Principal: { AWS: ACCOUNT } })))
  await scene.kms.createAlias({ AliasName: 'alias/there', TargetKeyId: keyArn })
  const grant = { GranteePrincipal: `arn:aws:iam::${OTHER_ACCOUNT}:user/grantee`, Operations: ['Decrypt'] } as const
  grantId = (await scene.kms.createGrant({ KeyId: keyArn, ...grant })).GrantId
})

/** What each operation asks leave for, in order; `key` is the key, `*` nothing, another word an alias. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    Object.keys(OPERATIONS)
      .filter((name) => name.includes('CustomKeyStore'))
      .map((name) => [name, [`kms:${name} *`]]),
  ),
  CreateAlias: ['kms:CreateAlias key', 'kms:CreateAlias alias/fresh'],
  CreateKey: ['kms:CreateKey *'],
  DeleteAlias: ['kms:DeleteAlias alias/there', 'kms:DeleteAlias key'],
  GenerateRandom: ['kms:GenerateRandom *'],
  ListAliases: ['kms:ListAliases *'],
  ListKeys: ['kms:ListKeys *'],
  ListRetirableGrants: ['kms:ListRetirableGrants *'],
  ReEncrypt: ['kms:ReEncryptFrom key', 'kms:ReEncryptTo key'],
  ReplicateKey: ['kms:ReplicateKey key', 'kms:CreateKey *'],
  UpdateAlias: ['kms:UpdateAlias key', 'kms:UpdateAlias alias/there', 'kms:UpdateAlias key'],
}

/** ML-KEM needs a ciphertext of its own kind. */
const NAMES = Object.keys(OPERATIONS).filter((name) => !['Decapsulate', 'Encapsulate'].includes(name))

test.each(NAMES)('%s is refused at each thing that it asks for, and changes nothing', async (operation) => {
  const asked = (ASKED[operation] ?? [`kms:${operation} key`]).map((text) => text.split(' '))
  const input = requestFor(operation, keyArn, grantId)
  const reader = scene.kms.as(USER)
  scene.iam.set(USER, { identity: [policyOf(allow())] })
  const prefix = keyArn.replace(/key\/.*$/u, '')
  const resourceOf = (name = ''): string => (name === 'key' ? keyArn : name === '*' ? '*' : `${prefix}${name}`)
  expect((await reader.why(operation, input)).map(({ action, resource }) => [action, resource])).toEqual(
    asked.map(([action, name]) => [action, resourceOf(name)]),
  )

  const before = JSON.stringify([await scene.kms.listKeys(), await scene.kms.listAliases()])
  for (const [action, name] of asked) {
    const resource = resourceOf(name)
    const refusing = deny({ Action: action, Resource: resource })
    scene.iam.set(USER, { identity: [policyOf(allow(), refusing)] })
    const { code, message } = await refusalOf(call(reader, operation as never, input))
    expect(code).toBe('AccessDeniedException')
    expect(message).toBe(
      `User: ${USER} is not authorized to perform: ${action} on resource: ${resource} ` +
        'with an explicit deny in an identity-based policy',
    )
  }
  const [[firstAction, firstName] = []] = asked
  scene.iam.set(USER, { identity: [policyOf(allow({ Action: 'kms:Nothing' }))] })
  expect((await refusalOf(call(reader, operation as never, input))).message).toBe(
    `User: ${USER} is not authorized to perform: ${firstAction} on resource: ${resourceOf(firstName)} ` +
      `because no identity-based policy allows the ${firstAction} action`,
  )
  expect(JSON.stringify([await scene.kms.listKeys(), await scene.kms.listAliases()])).toBe(before)
})

test('tags of a new key ask for kms:TagResource', async () => {
  scene.iam.set(USER, {
    identity: [policyOf(allow({ Action: 'kms:CreateKey' }), allow({ Action: 'kms:PutKeyPolicy' }))],
  })
  const user = scene.kms.as(USER)
  await expect(user.createKey()).resolves.toBeDefined()
  await expect(user.createKey({ Tags: [] })).resolves.toBeDefined()
  expect(await refusalOf(user.createKey({ Tags: [{ TagKey: 'a', TagValue: 'b' }] }))).toMatchObject({
    message: `User: ${USER} is not authorized to perform: kms:TagResource because no identity-based policy allows the kms:TagResource action`,
  })
})

test('a key policy that says nothing of the caller, in the words of its account', async () => {
  const KeyId = await createKeyWith(scene.kms, policyOf(allow({ Principal: { AWS: ROLE } })))
  scene.iam.set(USER, { identity: [policyOf(allow())] })
  expect(await refusalOf(scene.kms.as(USER).describeKey({ KeyId }))).toEqual({
    code: 'AccessDeniedException',
    message: `User: ${USER} is not authorized to perform: kms:DescribeKey on resource: ${KeyId} because no resource-based policy allows the kms:DescribeKey action`,
  })
})

test('a ciphertext that names the key is all that the refusal names', async () => {
  const { CiphertextBlob } = await scene.kms.encrypt({ KeyId: keyArn, Plaintext: bytesOf('x') })
  scene.iam.set(USER, { identity: [] })
  expect((await refusalOf(scene.kms.as(USER).decrypt({ CiphertextBlob }))).message).toBe(
    `User: ${USER} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because ` +
      'no identity-based policy allows the kms:Decrypt action',
  )
  expect((await refusalOf(scene.kms.as(STRANGER).decrypt({ CiphertextBlob }))).message).toBe(
    `User: ${STRANGER} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext ${HIDDEN}`,
  )
})

test('a stranger learns the same of a key that is there and of one that is not, whatever its own policies say', async () => {
  const stranger = scene.kms.as(STRANGER)
  const absent = keyArn.replace(/[0-9a-f-]{36}$/u, '01234567-89ab-cdef-0123-456789abcdef')
  for (const identity of [[], [policyOf(allow())], [policyOf(deny())]]) {
    scene.iam.set(STRANGER, { identity })
    const messages = []
    for (const KeyId of [keyArn, absent]) messages.push((await refusalOf(stranger.describeKey({ KeyId }))).message)
    const expected = `User: ${STRANGER} is not authorized to perform: kms:DescribeKey on this resource ${HIDDEN}`
    expect(messages).toEqual([expected, expected])
  }
})

test('both sides open a key to another account, and the refusal of the own side says so', async () => {
  const KeyId = await createKeyWith(scene.kms, policyOf(allow({ Principal: { AWS: OTHER_ACCOUNT } })))
  const stranger = scene.kms.as(STRANGER)
  scene.iam.set(STRANGER, { identity: [policyOf(allow({ Resource: KeyId }))] })
  const { CiphertextBlob } = await stranger.encrypt({ KeyId, Plaintext: bytesOf('x') })
  await expect(stranger.decrypt({ CiphertextBlob })).resolves.toMatchObject({ Plaintext: bytesOf('x') })
  scene.iam.set(STRANGER, { identity: [] })
  expect((await refusalOf(stranger.encrypt({ KeyId, Plaintext: bytesOf('x') }))).message).toBe(
    `User: ${STRANGER} is not authorized to perform: kms:Encrypt on resource: ${KeyId} because no identity-based policy allows the kms:Encrypt action`,
  )
})

/** A new policy, the author's identity policies, and whether the author can still replace it. */
const AUTHORS: ReadonlyArray<readonly [what: string, policy: string, identity: readonly string[], isKept: boolean]> = [
  ['the author', policyOf(allow({ Principal: { AWS: USER } })), [], true],
  [
    'the author for PutKeyPolicy alone',
    policyOf(allow({ Principal: { AWS: USER }, Action: 'kms:PutKeyPolicy' })),
    [],
    true,
  ],
  ['the author for the rest', policyOf(allow({ Principal: { AWS: USER }, Action: 'kms:Get*' })), [], false],
  ['the account, with IAM permission', policyOf(allow({ Principal: { AWS: ACCOUNT } })), [policyOf(allow())], true],
  [
    'the account, without',
    policyOf(allow({ Principal: { AWS: ACCOUNT } })),
    [policyOf(allow({ Action: 'kms:CreateKey' }))],
    false,
  ],
  ['somebody else', policyOf(allow({ Principal: { AWS: ROLE } })), [policyOf(allow())], false],
  [
    'everybody but the author',
    policyOf(allow({ Principal: '*' }), deny({ Principal: { AWS: USER } })),
    [policyOf(allow())],
    false,
  ],
  ['nobody', '{"Statement":[]}', [policyOf(allow())], false],
  [
    'the author on a condition that the request does not meet',
    policyOf(allow({ Principal: { AWS: USER }, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })),
    [policyOf(allow())],
    false,
  ],
  [
    'the author on a condition that the request meets',
    policyOf(allow({ Principal: { AWS: USER }, Condition: { StringEquals: { 'kms:KeySpec': 'SYMMETRIC_DEFAULT' } } })),
    [policyOf(allow())],
    true,
  ],
]

test.each(AUTHORS)('the lockout check: a policy for %s', async (_what, Policy, identity, isKept) => {
  const { kms, iam } = await startPolicyScene()
  const own = { Effect: 'Allow', Action: ['kms:CreateKey', 'kms:PutKeyPolicy'], Resource: '*' }
  const everyone = policyOf(allow({ Principal: '*' }))
  const KeyId = await createKeyWith(kms, everyone)
  const mayCreate = identity.length === 0 ? [] : identity
  iam.set(USER, { identity: [...mayCreate, policyOf({ ...own, Action: 'kms:CreateKey' })] })
  const user = kms.as(USER)
  for (const attempt of [user.createKey({ Policy }), user.putKeyPolicy({ KeyId, Policy })]) {
    if (isKept) await expect(attempt).resolves.toBeDefined()
    else expect(await refusalOf(attempt)).toEqual({ code: 'MalformedPolicyDocumentException', message: LOCKOUT })
  }
  if (!isKept) await expect(kms.getKeyPolicy({ KeyId })).resolves.toMatchObject({ Policy: everyone })
  const Bypass = { BypassPolicyLockoutSafetyCheck: true }
  await expect(user.createKey({ Policy, ...Bypass })).resolves.toBeDefined()
  await expect(user.putKeyPolicy({ KeyId, Policy, ...Bypass })).resolves.toEqual({})
})

test('the lockout check is for the policy of a replica, too', async () => {
  const { kms } = await startPolicyScene()
  const { KeyMetadata } = await kms.createKey({ MultiRegion: true })
  const replica = {
    KeyId: KeyMetadata?.KeyId,
    ReplicaRegion: OTHER_REGION,
    Policy: policyOf(allow({ Principal: { AWS: ROLE } })),
  }
  expect(await refusalOf(kms.replicateKey(replica))).toEqual({
    code: 'MalformedPolicyDocumentException',
    message: LOCKOUT,
  })
  await expect(kms.replicateKey({ ...replica, BypassPolicyLockoutSafetyCheck: true })).resolves.toBeDefined()
})

test.each([
  ['PRIMARY', REGION, false],
  ['PRIMARY', OTHER_REGION, false],
  ['REPLICA', REGION, false],
  ['REPLICA', OTHER_REGION, true],
])('the lockout check sees a replica where it will be, not a %s key in %s', async (type, region, isKept) => {
  const { kms } = await startPolicyScene()
  const { KeyMetadata } = await kms.createKey({ MultiRegion: true })
  const Condition = { StringEquals: { 'kms:MultiRegionKeyType': type, 'aws:RequestedRegion': region } }
  const replica = kms.replicateKey({
    KeyId: KeyMetadata?.KeyId,
    ReplicaRegion: OTHER_REGION,
    Policy: policyOf(allow({ Principal: { AWS: ACCOUNT }, Condition })),
  })
  if (isKept) await expect(replica).resolves.toBeDefined()
  else expect((await refusalOf(replica)).code).toBe('MalformedPolicyDocumentException')
})

test('mode audit lets the account pass and records what it would have refused', async () => {
  const { iam } = await startPolicyScene()
  const { kms, audit } = await startKms({ authorization: 'audit', identityPolicies: iam })
  const KeyId = await createKeyWith(kms, policyOf(allow({ Principal: { AWS: ROLE } })))
  iam.set(USER, { identity: [] })
  await expect(kms.as(USER).describeKey({ KeyId })).resolves.toBeDefined()
  await expect(kms.as(ROLE).describeKey({ KeyId })).resolves.toBeDefined()
  await expect(kms.putKeyPolicy({ KeyId, Policy: '{"Statement":[]}' })).resolves.toEqual({})
  const refusal = await refusalOf(kms.as(STRANGER).describeKey({ KeyId }))
  expect(refusal.code).toBe('AccessDeniedException')
  const denial = `User: ${USER} is not authorized to perform: kms:DescribeKey on resource: ${KeyId} because no resource-based policy allows the kms:DescribeKey action`
  expect(audit.entries.map(({ denials }) => denials)).toEqual([
    undefined,
    [denial],
    undefined,
    [expect.stringContaining(':root is not')],
    undefined,
  ])
})

test('mode off asks no policy, and keeps other accounts out', async () => {
  const { iam } = await startPolicyScene()
  const { kms } = await startKms({ authorization: 'off', identityPolicies: iam })
  iam.set(USER, { identity: [policyOf(deny())] })
  const KeyId = await createKeyWith(kms, policyOf(deny({ Principal: '*' })))
  await expect(kms.as(USER).describeKey({ KeyId })).resolves.toBeDefined()
  await expect(kms.putKeyPolicy({ KeyId, Policy: '{"Statement":[]}' })).resolves.toEqual({})
  expect((await refusalOf(kms.as(STRANGER).describeKey({ KeyId }))).message).toContain(HIDDEN)
  expect((await kms.as(USER).why('DescribeKey', { KeyId }))[0]?.decision.isAllowed).toBe(false)
})

test('why performs nothing, and says what is wrong with a request', async () => {
  const { kms, store } = await startKms()
  const { keyId: KeyId } = await createKey(kms)
  const before = await store.listKeys(kms.defaults, { limit: 10 })
  await expect(kms.why('DisableKey', { KeyId })).resolves.toMatchObject([{ decision: { isAllowed: true } }])
  await expect(kms.why('CreateKey')).resolves.toHaveLength(1)
  expect(await store.listKeys(kms.defaults, { limit: 10 })).toEqual(before)
  expect((await refusalOf(kms.why('Nonsense'))).code).toBe('UnknownOperationException')
  expect((await refusalOf(kms.why('DescribeKey', {}))).code).toBe('ValidationException')
  expect((await refusalOf(kms.why('DescribeKey', { KeyId: 'x' }))).code).toBe('NotFoundException')
})

test('an AWS SDK in this process is the caller that the client is', async () => {
  scene.iam.set(USER, { identity: [policyOf(allow({ Action: 'kms:DescribeKey' }))] })
  const clientFor = (accessKeyId: string): KMSClient =>
    new KMSClient({
      region: REGION,
      credentials: { accessKeyId, secretAccessKey: 'x' },
      requestHandler: requestHandler(scene.kms.as(USER)),
    })
  const user = clientFor('AKIAEXAMPLE')
  await expect(user.send(new DescribeKeyCommand({ KeyId: keyArn }))).resolves.toBeDefined()
  await expect(user.send(new ListKeysCommand())).rejects.toMatchObject({ name: 'AccessDeniedException' })
  const fromOffice = { Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }
  scene.iam.set(USER, { identity: [policyOf(allow(fromOffice))] })
  await expect(user.send(new DescribeKeyCommand({ KeyId: keyArn }))).rejects.toThrow('not authorized')
  const conditionKeys = { 'aws:SourceIp': '203.0.113.7' }
  const atOffice = new KMSClient({
    region: REGION,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'x' },
    requestHandler: requestHandler(scene.kms.as(USER, { conditionKeys })),
  })
  await expect(atOffice.send(new DescribeKeyCommand({ KeyId: keyArn }))).resolves.toBeDefined()
  // An access key that is an account is its root user.
  await expect(clientFor(ACCOUNT).send(new ListKeysCommand())).resolves.toBeDefined()
})

async function ask(trustCallerHeader: boolean, headers: Readonly<Record<string, string>>) {
  const handle = createFetchHandler(scene.kms, { trustCallerHeader })
  const response = await handle(
    new Request('http://localhost/', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'TrentService.ListKeys', ...headers },
      body: '{}',
    }),
  )
  return { status: response.status, body: (await response.json()) as { readonly message?: string } }
}

test('the header x-softkms-caller names the caller where it is trusted', async () => {
  scene.iam.set(USER, { identity: [policyOf(allow({ Action: 'kms:ListKeys' }))] })
  scene.iam.set(ROLE, { identity: [] })
  expect(await ask(true, { 'x-softkms-caller': USER })).toMatchObject({ status: 200 })
  const refused = await ask(true, { 'x-softkms-caller': ROLE })
  expect(refused.status).toBe(400)
  expect(refused.body.message).toContain(`User: ${ROLE} is not authorized to perform: kms:ListKeys on resource: *`)
  expect(await ask(true, {})).toMatchObject({ status: 200 })
  const wrong = { status: 403, body: { message: 'x-softkms-caller must be the ARN of one principal' } }
  for (const name of ['', 'eve', ACCOUNT, 's3.amazonaws.com', `${USER}, ${ROLE}`]) {
    expect(await ask(true, { 'x-softkms-caller': name })).toMatchObject(wrong)
  }
})

test('elsewhere a request with the header is refused', async () => {
  const refused = await ask(false, { 'x-softkms-caller': USER })
  expect(refused.status).toBe(403)
  expect(refused.body.message).toContain('not trusted')
})
