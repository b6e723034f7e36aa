/**
 * The audit trail: one entry for each request, with what each operation lets it show and nothing else.
 *
 * @covers KMS operations-around §1
 */
import { OPERATIONS, createMemoryAudit } from '@softkms/kms'
import { expect, test } from 'vitest'
import { ACCOUNT, OTHER_ACCOUNT, REGION, base64Of, bytesOf, call, createKey, startKms } from '../support/kms-fixture.ts'
import { KEY_OPERATIONS, surround, titleOf } from '../support/key-operations.ts'

type Operation = keyof typeof OPERATIONS

const MUTATING: readonly Operation[] = [
  'CancelKeyDeletion',
  'ConnectCustomKeyStore',
  'CreateAlias',
  'CreateCustomKeyStore',
  'CreateGrant',
  'CreateKey',
  'DeleteAlias',
  'DeleteCustomKeyStore',
  'DeleteImportedKeyMaterial',
  'DisableKey',
  'DisableKeyRotation',
  'DisconnectCustomKeyStore',
  'EnableKey',
  'EnableKeyRotation',
  'ImportKeyMaterial',
  'PutKeyPolicy',
  'ReplicateKey',
  'RetireGrant',
  'RevokeGrant',
  'RotateKeyOnDemand',
  'ScheduleKeyDeletion',
  'TagResource',
  'UntagResource',
  'UpdateAlias',
  'UpdateCustomKeyStore',
  'UpdateKeyDescription',
  'UpdatePrimaryRegion',
]

/** Members that must never be recorded, whatever operation they are of. */
const NEVER_RECORDED = [
  'Plaintext',
  'CiphertextBlob',
  'GrantTokens',
  'GrantToken',
  'Recipient',
  'ImportToken',
  'EncryptedKeyMaterial',
  'KeyStorePassword',
  'XksProxyAuthenticationCredential',
]

test('every operation says what may be shown of it, and never a secret', () => {
  for (const operation of Object.values(OPERATIONS)) {
    expect(operation.audited.filter((member) => NEVER_RECORDED.includes(member))).toEqual([])
    expect(operation.isReadOnly).toBe(!MUTATING.includes(operation.name))
  }
})

const A_UUID: unknown = expect.stringMatching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u)

test('an entry says who asked for what, when and where, of which key', async () => {
  const { kms, audit, clock } = await startKms()
  const { keyId, arn } = await createKey(kms)
  clock.advance(1234)
  const principal = `arn:aws:sts::${ACCOUNT}:assumed-role/a/b`
  const caller = { account: ACCOUNT, region: REGION, principal, requestId: 'the-request' }
  await kms.execute('DescribeKey', { KeyId: keyId, GrantTokens: [], Unknown: 'x' }, caller)
  expect(audit.entries.at(-1)).toStrictEqual({
    eventId: A_UUID,
    time: clock.now(),
    requestId: 'the-request',
    operation: 'DescribeKey',
    account: ACCOUNT,
    region: REGION,
    principal,
    isReadOnly: true,
    keys: [arn],
    request: { KeyId: keyId },
  })
})

test('a caller without a principal is the root of its account; a request without an id gets one', async () => {
  const { kms, audit } = await startKms()
  await kms.inRegion('cn-north-1').as(OTHER_ACCOUNT).listKeys()
  await kms.listKeys()
  const [first, second] = audit.entries
  expect(first).toMatchObject({
    account: OTHER_ACCOUNT,
    region: 'cn-north-1',
    principal: `arn:aws-cn:iam::${OTHER_ACCOUNT}:root`,
  })
  expect(first?.requestId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u)
  expect(second?.requestId).not.toBe(first?.requestId)
})

const titled = KEY_OPERATIONS.map((operation) => ({ ...operation, title: titleOf(operation) }))

test.each(titled)('$title leaves one entry, refused or not', async ({ name, input }) => {
  const { kms, audit } = await startKms()
  const { keyId, arn } = await createKey(kms)
  const surroundings = await surround(kms, keyId)
  if (name === 'CancelKeyDeletion') await kms.scheduleKeyDeletion({ KeyId: keyId })
  const before = audit.entries.length
  const request = input(keyId, surroundings)
  await call(kms, name, request)
  const entry = audit.entries.at(-1)
  expect(audit.entries).toHaveLength(before + 1)
  expect(entry).toMatchObject({ operation: name, isReadOnly: !MUTATING.includes(name) })
  expect(entry).not.toHaveProperty('errorCode')
  // ListAliases is about the list, whatever key it is narrowed to.
  if (name !== 'ListAliases') expect(entry?.keys).toContain(arn)
  expect(entry?.request).toEqual(withoutSecrets(request))

  await call(kms.as(OTHER_ACCOUNT), name, input(arn, surroundings)).catch(() => undefined)
  expect(audit.entries).toHaveLength(before + 2)
  expect(audit.entries.at(-1)).toMatchObject({
    operation: name,
    account: OTHER_ACCOUNT,
    errorCode: 'AccessDeniedException',
  })
})

function withoutSecrets(request: object): object {
  return Object.fromEntries(Object.entries(request).filter(([member]) => !NEVER_RECORDED.includes(member)))
}

test('ReEncrypt is about two keys', async () => {
  const { kms, audit } = await startKms()
  const from = await createKey(kms)
  const to = await createKey(kms)
  const { CiphertextBlob } = await kms.encrypt({ KeyId: from.keyId, Plaintext: bytesOf('x') })
  await kms.reEncrypt({ CiphertextBlob, DestinationKeyId: to.keyId })
  expect(audit.entries.at(-1)?.keys).toEqual([from.arn, to.arn])
})

test('plaintext, ciphertext and data keys are nowhere in the trail', async () => {
  const { kms, audit } = await startKms()
  const { keyId: KeyId } = await createKey(kms)
  const Plaintext = bytesOf('a very secret text')
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext })
  const dataKey = await kms.generateDataKey({ KeyId, KeySpec: 'AES_256' })
  const random = await kms.generateRandom({ NumberOfBytes: 32 })
  await kms.decrypt({ CiphertextBlob })
  await kms.reEncrypt({ CiphertextBlob, DestinationKeyId: KeyId })
  // Requests that are not valid may hold anything anywhere.
  const misplaced = { KeyId: Plaintext, EncryptionContext: { a: Plaintext }, KeySpec: base64Of(Plaintext) }
  await call(kms, 'Encrypt', misplaced).catch(() => undefined)
  await call(kms, 'GenerateDataKey', { KeyId, KeySpec: 'a very secret text' }).catch(() => undefined)
  const secrets = [Plaintext, CiphertextBlob, dataKey.Plaintext, dataKey.CiphertextBlob, random.Plaintext]
  const trail = JSON.stringify(audit.entries)
  for (const secret of secrets) {
    expect(trail).not.toContain(JSON.stringify(Array.from(secret ?? [])).slice(1, -1))
    expect(trail).not.toContain(base64Of(secret))
    expect(trail).not.toContain(JSON.stringify(secret).slice(1, -1))
  }
  expect(trail).not.toContain('a very secret text')
  expect(audit.entries.at(-1)).toMatchObject({ errorCode: 'ValidationException', request: {}, keys: [] })
})

test.each([
  ['DescribeKey', { KeyId: 'x' }, 'NotFoundException', { KeyId: 'x' }],
  ['DescribeKey', {}, 'ValidationException', {}],
  ['DescribeKey', { KeyId: 7 }, 'SerializationException', {}],
  ['DescribeKey', 'nonsense', 'SerializationException', {}],
  ['CreateAlias', { AliasName: 'a', TargetKeyId: 'b' }, 'ValidationException', { AliasName: 'a', TargetKeyId: 'b' }],
  ['GenerateRandom', { NumberOfBytes: null }, 'ValidationException', {}],
] as const)('%s of %o is recorded as %s', async (name, input, errorCode, request) => {
  const { kms, audit } = await startKms()
  await call(kms, name, input).catch(() => undefined)
  expect(audit.entries).toHaveLength(1)
  expect(audit.entries[0]).toMatchObject({ operation: name, errorCode, request, keys: [] })
  expect(audit.entries[0]?.request).toEqual(request)
})

test('what a dry run would have done is recorded as a dry run', async () => {
  const { kms, audit } = await startKms()
  const { keyId: KeyId } = await createKey(kms)
  await kms.encrypt({ KeyId, Plaintext: bytesOf('x'), DryRun: true }).catch(() => undefined)
  expect(audit.entries.at(-1)).toMatchObject({ operation: 'Encrypt', errorCode: 'DryRunOperationException' })
})

test('the answer waits for the entry', async () => {
  const order: string[] = []
  const audit = {
    async record(): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, 5))
      order.push('recorded')
    },
  }
  const { kms } = await startKms({ audit })
  await kms.listKeys()
  order.push('answered')
  await kms.describeKey({ KeyId: 'x' }).catch(() => order.push('refused'))
  expect(order).toEqual(['recorded', 'answered', 'recorded', 'refused'])
})

test('the trail in memory keeps the newest entries', async () => {
  const audit = createMemoryAudit(3)
  const { kms } = await startKms({ audit })
  for (const Limit of [1, 2, 3, 4, 5]) await kms.listKeys({ Limit })
  expect(audit.entries.map(({ request }) => request['Limit'])).toEqual([3, 4, 5])
})
