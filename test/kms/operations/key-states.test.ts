/**
 * Operation x state, driven through the typed methods and compared with a table that is written down here once more.
 *
 * @covers KMS key-states, the table with notes 1, 3, 4 and 10
 */
import { expect, test } from 'vitest'
import { type KmsFixture, call, createKeyInState, expectRefusal, startKms } from '../../support/kms-fixture.ts'
import { KEY_OPERATIONS, surround, titleOf } from '../../support/key-operations.ts'

const STATES = ['Enabled', 'Disabled', 'PendingDeletion'] as const

type State = (typeof STATES)[number]
type Answer = 'ok' | 'is disabled' | 'is pending deletion' | 'is not pending deletion'

/** In the order of `STATES`. */
const TABLE: Readonly<Record<string, readonly [Answer, Answer, Answer]>> = {
  CancelKeyDeletion: ['is not pending deletion', 'is not pending deletion', 'ok'],
  CreateAlias: ['ok', 'ok', 'is pending deletion'],
  Decrypt: ['ok', 'is disabled', 'is pending deletion'],
  DescribeKey: ['ok', 'ok', 'ok'],
  DisableKey: ['ok', 'ok', 'is pending deletion'],
  DisableKeyRotation: ['ok', 'is disabled', 'is pending deletion'],
  EnableKey: ['ok', 'ok', 'is pending deletion'],
  EnableKeyRotation: ['ok', 'is disabled', 'is pending deletion'],
  Encrypt: ['ok', 'is disabled', 'is pending deletion'],
  GenerateDataKey: ['ok', 'is disabled', 'is pending deletion'],
  GenerateDataKeyPair: ['ok', 'is disabled', 'is pending deletion'],
  GenerateDataKeyPairWithoutPlaintext: ['ok', 'is disabled', 'is pending deletion'],
  GenerateDataKeyWithoutPlaintext: ['ok', 'is disabled', 'is pending deletion'],
  GetKeyPolicy: ['ok', 'ok', 'ok'],
  GetKeyRotationStatus: ['ok', 'ok', 'ok'],
  ListAliases: ['ok', 'ok', 'ok'],
  ListKeyPolicies: ['ok', 'ok', 'ok'],
  ListKeyRotations: ['ok', 'ok', 'ok'],
  ListResourceTags: ['ok', 'ok', 'ok'],
  PutKeyPolicy: ['ok', 'ok', 'ok'],
  'ReEncrypt (source)': ['ok', 'is disabled', 'is pending deletion'],
  'ReEncrypt (destination)': ['ok', 'is disabled', 'is pending deletion'],
  RotateKeyOnDemand: ['ok', 'is disabled', 'is pending deletion'],
  ScheduleKeyDeletion: ['ok', 'ok', 'is pending deletion'],
  TagResource: ['ok', 'ok', 'is pending deletion'],
  UntagResource: ['ok', 'ok', 'is pending deletion'],
  UpdateAlias: ['ok', 'ok', 'is pending deletion'],
  UpdateKeyDescription: ['ok', 'ok', 'is pending deletion'],
}

async function moveTo({ kms }: KmsFixture, keyId: string, state: State): Promise<void> {
  if (state === 'Disabled') await kms.disableKey({ KeyId: keyId })
  if (state === 'PendingDeletion') await kms.scheduleKeyDeletion({ KeyId: keyId })
}

test('the table has a row for each operation that names a key', () => {
  expect(Object.keys(TABLE)).toEqual(KEY_OPERATIONS.map(titleOf))
})

const cells = KEY_OPERATIONS.flatMap((operation) =>
  STATES.map((state, column) => ({
    operation,
    state,
    title: titleOf(operation),
    answer: TABLE[titleOf(operation)]?.[column] ?? 'ok',
  })),
)

test.each(cells)('$title of a key that is $state: $answer', async ({ operation, state, answer }) => {
  const fixture = await startKms()
  const { keyId, arn } = await createKeyInState(fixture, 'Enabled')
  // For the destination of ReEncrypt the ciphertext is of an enabled key.
  const surroundings = await surround(fixture.kms, keyId)
  const { CiphertextBlob: otherBlob = new Uint8Array(0) } = await fixture.kms.encrypt({
    KeyId: surroundings.otherKeyId,
    Plaintext: Uint8Array.of(1),
  })
  const blob = operation.role === 'destination' ? otherBlob : surroundings.blob
  await moveTo(fixture, keyId, state)

  const input = operation.input(keyId, { ...surroundings, blob })
  if (answer === 'ok') {
    await expect(call(fixture.kms, operation.name, input)).resolves.toBeDefined()
  } else {
    const code = answer === 'is disabled' ? 'DisabledException' : 'KMSInvalidStateException'
    await expectRefusal(fixture, operation.name, input, code, `${arn} ${answer}.`)
  }
})

test.each(STATES)('DeleteAlias works whatever the state of the key: %s', async (state) => {
  const fixture = await startKms()
  const { keyId } = await createKeyInState(fixture, 'Enabled')
  await fixture.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: keyId })
  await moveTo(fixture, keyId, state)
  await expect(fixture.kms.deleteAlias({ AliasName: 'alias/a' })).resolves.toEqual({})
  await expect(fixture.kms.listAliases()).resolves.toEqual({ Aliases: [], Truncated: false })
})

test.each(STATES)('UpdateAlias does not mind the state of the key it leaves: %s', async (state) => {
  const fixture = await startKms()
  const { keyId: left } = await createKeyInState(fixture, 'Enabled')
  const { keyId: taken } = await createKeyInState(fixture, 'Enabled')
  await fixture.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: left })
  await moveTo(fixture, left, state)
  await expect(fixture.kms.updateAlias({ AliasName: 'alias/a', TargetKeyId: taken })).resolves.toEqual({})
  const { Aliases } = await fixture.kms.listAliases()
  expect(Aliases?.map((alias) => alias.TargetKeyId)).toEqual([taken])
})

test.each(STATES)('a key that is %s is listed and described as such', async (state) => {
  const fixture = await startKms()
  const { keyId, arn } = await createKeyInState(fixture, state)
  const { KeyMetadata } = await fixture.kms.describeKey({ KeyId: keyId })
  expect(KeyMetadata).toMatchObject({ KeyState: state, Enabled: state === 'Enabled' })
  expect(Object.hasOwn(KeyMetadata ?? {}, 'DeletionDate')).toBe(state === 'PendingDeletion')
  await expect(fixture.kms.listKeys()).resolves.toEqual({ Keys: [{ KeyId: keyId, KeyArn: arn }], Truncated: false })
})

test('an alias leads to the state of its key', async () => {
  const fixture = await startKms()
  const { keyId, arn } = await createKeyInState(fixture, 'Enabled')
  await fixture.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: keyId })
  await moveTo(fixture, keyId, 'Disabled')
  const input = { KeyId: 'alias/a', NumberOfBytes: 1 }
  await expectRefusal(fixture, 'GenerateDataKey', input, 'DisabledException', `${arn} is disabled.`)
})
