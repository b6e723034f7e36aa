/**
 * EnableKey, DisableKey, UpdateKeyDescription, ScheduleKeyDeletion, CancelKeyDeletion; and what the clock does to a key
 * that is scheduled for deletion.
 *
 * @covers KMS key-states, "Deletion"; KMS operations
 */
import { expect, test } from 'vitest'
import {
  ACCOUNT,
  REGION,
  bytesOf,
  createKey,
  createKeyInState,
  days,
  expectRefusal,
  readEverything,
  startKms,
} from '../../support/kms-fixture.ts'

test('a key is disabled and enabled, as often as one likes', async () => {
  const { kms } = await startKms()
  const { keyId: KeyId } = await createKey(kms)
  const stateOf = async () => (await kms.describeKey({ KeyId })).KeyMetadata?.KeyState
  await expect(kms.enableKey({ KeyId })).resolves.toStrictEqual({})
  for (let i = 0; i < 3; i++) {
    await expect(kms.disableKey({ KeyId })).resolves.toStrictEqual({})
    await expect(kms.disableKey({ KeyId })).resolves.toStrictEqual({})
    expect(await stateOf()).toBe('Disabled')
    await expect(kms.enableKey({ KeyId })).resolves.toStrictEqual({})
    expect(await stateOf()).toBe('Enabled')
  }
})

test('a description is replaced', async () => {
  const { kms } = await startKms()
  const { keyId: KeyId } = await createKey(kms)
  for (const Description of ['first', '', '\u0000 ☃ 🔑', 'x'.repeat(8192)]) {
    await expect(kms.updateKeyDescription({ KeyId, Description })).resolves.toStrictEqual({})
    const { KeyMetadata } = await kms.describeKey({ KeyId })
    expect(KeyMetadata?.Description).toBe(Description)
  }
})

test('UpdateKeyDescription needs a description', async () => {
  const fixture = await startKms()
  const { keyId: KeyId } = await createKey(fixture.kms)
  const message =
    "1 validation error detected: Value null at 'description' failed to satisfy constraint: Member must not be null"
  await expectRefusal(fixture, 'UpdateKeyDescription', { KeyId }, 'ValidationException', message)
})

test.each([
  [undefined, 30],
  [7, 7],
  [30, 30],
])('a deletion scheduled in %s days is due in %s', async (PendingWindowInDays, expected) => {
  const { kms, clock } = await startKms()
  const { keyId, arn } = await createKey(kms)
  const DeletionDate = new Date(clock.now() + days(expected))
  const input = PendingWindowInDays === undefined ? {} : { PendingWindowInDays }
  await expect(kms.scheduleKeyDeletion({ KeyId: keyId, ...input })).resolves.toStrictEqual({
    KeyId: arn,
    DeletionDate,
    KeyState: 'PendingDeletion',
    PendingWindowInDays: expected,
  })
  const { KeyMetadata } = await kms.describeKey({ KeyId: keyId })
  expect(KeyMetadata).toMatchObject({ KeyState: 'PendingDeletion', Enabled: false, DeletionDate })
  expect(KeyMetadata).not.toHaveProperty('PendingDeletionWindowInDays')
})

test.each([
  [0, 'greater than or equal to 1'],
  [-1, 'greater than or equal to 1'],
  [366, 'less than or equal to 365'],
  [1, 'greater than or equal to 7'],
  [6, 'greater than or equal to 7'],
  [31, 'less than or equal to 30'],
  [365, 'less than or equal to 30'],
])('a waiting period of %s days must be %s', async (PendingWindowInDays, bound) => {
  const fixture = await startKms()
  const { keyId: KeyId } = await createKey(fixture.kms)
  const message =
    `1 validation error detected: Value '${PendingWindowInDays}' at 'pendingWindowInDays' failed to satisfy ` +
    `constraint: Member must have value ${bound}`
  await expectRefusal(fixture, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays }, 'ValidationException', message)
})

test.each(['Enabled', 'Disabled'] as const)('a cancelled deletion leaves a key disabled that was %s', async (state) => {
  const fixture = await startKms()
  const { keyId, arn } = await createKeyInState(fixture, state)
  await fixture.kms.scheduleKeyDeletion({ KeyId: keyId })
  await expect(fixture.kms.cancelKeyDeletion({ KeyId: keyId })).resolves.toStrictEqual({ KeyId: arn })
  const { KeyMetadata } = await fixture.kms.describeKey({ KeyId: keyId })
  expect(KeyMetadata).toMatchObject({ KeyState: 'Disabled', Enabled: false })
  expect(KeyMetadata).not.toHaveProperty('DeletionDate')
})

test('a cancelled deletion does not come back', async () => {
  const { kms, clock } = await startKms()
  const { keyId: KeyId } = await createKey(kms)
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
  clock.advance(days(7) - 1)
  await kms.cancelKeyDeletion({ KeyId })
  clock.advanceDays(1000)
  await kms.enableKey({ KeyId })
  await expect(kms.encrypt({ KeyId, Plaintext: bytesOf('x') })).resolves.toBeDefined()
})

test('a deletion scheduled again waits for the new date', async () => {
  const { kms, clock } = await startKms()
  const { keyId: KeyId } = await createKey(kms)
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
  clock.advanceDays(6)
  await kms.cancelKeyDeletion({ KeyId })
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
  clock.advance(days(7) - 1)
  await expect(kms.describeKey({ KeyId })).resolves.toBeDefined()
  clock.advance(1)
  await expect(kms.describeKey({ KeyId })).rejects.toMatchObject({ code: 'NotFoundException' })
})

test('at its date a key goes with its aliases, its tags, its material and the meaning of its ciphertext', async () => {
  const fixture = await startKms()
  const { kms, clock, store } = fixture
  const doomed = await createKey(kms)
  const spared = await createKey(kms)
  await kms.createAlias({ AliasName: 'alias/doomed', TargetKeyId: doomed.keyId })
  await kms.createAlias({ AliasName: 'alias/spared', TargetKeyId: spared.keyId })
  const { CiphertextBlob: old } = await kms.encrypt({ KeyId: doomed.keyId, Plaintext: bytesOf('old') })
  await kms.rotateKeyOnDemand({ KeyId: doomed.keyId })
  const { CiphertextBlob: young } = await kms.encrypt({ KeyId: doomed.keyId, Plaintext: bytesOf('young') })
  const { Rotations = [] } = await kms.listKeyRotations({
    KeyId: doomed.keyId,
    IncludeKeyMaterial: 'ALL_KEY_MATERIAL',
  })
  expect(Rotations).toHaveLength(2)
  await kms.scheduleKeyDeletion({ KeyId: doomed.keyId, PendingWindowInDays: 7 })

  clock.advance(days(7) - 1)
  await expect(kms.describeKey({ KeyId: 'alias/doomed' })).resolves.toBeDefined()
  clock.advance(1)
  const gone = `Key '${doomed.arn}' does not exist`
  await expect(kms.describeKey({ KeyId: doomed.keyId })).rejects.toMatchObject({
    code: 'NotFoundException',
    message: gone,
  })
  const aliasGone = `Alias arn:aws:kms:${REGION}:${ACCOUNT}:alias/doomed is not found.`
  await expectRefusal(fixture, 'DescribeKey', { KeyId: 'alias/doomed' }, 'NotFoundException', aliasGone)
  await expectRefusal(fixture, 'CancelKeyDeletion', { KeyId: doomed.keyId }, 'NotFoundException', gone)
  for (const CiphertextBlob of [old, young]) {
    await expectRefusal(fixture, 'Decrypt', { CiphertextBlob }, 'InvalidCiphertextException', '')
    await expectRefusal(fixture, 'Decrypt', { CiphertextBlob, KeyId: doomed.keyId }, 'NotFoundException', gone)
    const reencryption = { CiphertextBlob, DestinationKeyId: spared.keyId }
    await expectRefusal(fixture, 'ReEncrypt', reencryption, 'InvalidCiphertextException', '')
  }
  for (const { KeyMaterialId = '' } of Rotations) {
    await expect(store.getMaterial(REGION, KeyMaterialId)).resolves.toBeUndefined()
  }
  await expect(kms.listKeys()).resolves.toMatchObject({ Keys: [{ KeyId: spared.keyId }] })
  const { Aliases } = await kms.listAliases()
  expect(Aliases?.map(({ AliasName }) => AliasName)).toEqual(['alias/spared'])
})

test('a name that a deleted key had is free again', async () => {
  const { kms, clock } = await startKms()
  const first = await createKey(kms)
  await kms.createAlias({ AliasName: 'alias/a', TargetKeyId: first.keyId })
  await kms.scheduleKeyDeletion({ KeyId: first.keyId, PendingWindowInDays: 7 })
  clock.advanceDays(7)
  const second = await createKey(kms)
  await kms.createAlias({ AliasName: 'alias/a', TargetKeyId: second.keyId })
  const { KeyMetadata } = await kms.describeKey({ KeyId: 'alias/a' })
  expect(KeyMetadata?.KeyId).toBe(second.keyId)
})

test('an alias that was pointed elsewhere in time survives', async () => {
  const { kms, clock } = await startKms()
  const doomed = await createKey(kms)
  const spared = await createKey(kms)
  await kms.createAlias({ AliasName: 'alias/a', TargetKeyId: doomed.keyId })
  await kms.scheduleKeyDeletion({ KeyId: doomed.keyId, PendingWindowInDays: 7 })
  await kms.updateAlias({ AliasName: 'alias/a', TargetKeyId: spared.keyId })
  clock.advanceDays(7)
  const { KeyMetadata } = await kms.describeKey({ KeyId: 'alias/a' })
  expect(KeyMetadata?.KeyId).toBe(spared.keyId)
})

test('the HSM forgets the keys that are destroyed', async () => {
  const { createHsm } = await import('@softkms/hsm')
  const hsm = createHsm()
  const { kms, clock } = await startKms({ hsm })
  const made = await Promise.all(Array.from({ length: 5 }, () => createKey(kms)))
  for (const { keyId: KeyId } of made) {
    await kms.encrypt({ KeyId, Plaintext: bytesOf('x') })
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
  }
  expect((await hsm.status()).loadedKeys).toBe(5)
  clock.advanceDays(7)
  await kms.listKeys()
  expect((await hsm.status()).loadedKeys).toBe(0)
})

test('many deletions fall due at once', async () => {
  const { kms, clock, store } = await startKms()
  const made = await Promise.all(Array.from({ length: 30 }, () => createKey(kms)))
  const survivor = made.pop()
  for (const [i, { keyId: KeyId }] of made.entries()) {
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 + (i % 20) })
  }
  const before = await readEverything(store)
  clock.advanceDays(365)
  // All of these find the same deletions due; each deletion happens once and disturbs none of them.
  const lists = await Promise.all(Array.from({ length: 10 }, () => kms.listKeys()))
  for (const { Keys } of lists) expect(Keys?.map(({ KeyId }) => KeyId)).toEqual([survivor?.keyId])
  expect(await readEverything(store)).not.toEqual(before)
})
