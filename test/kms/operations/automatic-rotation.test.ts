/**
 * Automatic rotation, by a clock that jumps.
 *
 * @covers crypto-details §9; KMS key-states, "Rotation vs. state"
 */
import { expect, test } from 'vitest'
import { type KmsFixture, bytesOf, createKey, days, startKms } from '../../support/kms-fixture.ts'

interface Scene extends KmsFixture {
  readonly KeyId: string
  /** When the schedule began. */
  readonly start: number
}

async function setScene(RotationPeriodInDays = 100): Promise<Scene> {
  const fixture = await startKms()
  const { keyId: KeyId } = await createKey(fixture.kms)
  await fixture.kms.enableKeyRotation({ KeyId, RotationPeriodInDays })
  return { ...fixture, KeyId, start: fixture.clock.now() }
}

/** Days from the schedule's start to each automatic rotation. */
async function rotationDays({ kms, KeyId, start }: Scene): Promise<number[]> {
  const { Rotations = [] } = await kms.listKeyRotations({ KeyId })
  expect(Rotations.every(({ RotationType }) => RotationType === 'AUTOMATIC')).toBe(true)
  return Rotations.map(({ RotationDate }) => ((RotationDate?.getTime() ?? 0) - start) / days(1))
}

async function nextRotationDay({ kms, KeyId, start }: Scene): Promise<number> {
  const { NextRotationDate } = await kms.getKeyRotationStatus({ KeyId })
  return ((NextRotationDate?.getTime() ?? 0) - start) / days(1)
}

test('a rotation happens at its instant and not a millisecond before', async () => {
  const scene = await setScene()
  const { kms, clock, KeyId } = scene
  const first = (await kms.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId
  clock.advance(days(100) - 1)
  expect((await kms.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId).toBe(first)
  clock.advance(1)
  expect((await kms.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId).not.toBe(first)
  expect(await rotationDays(scene)).toEqual([100])
  expect(await nextRotationDay(scene)).toBe(200)
})

test('a jump over several periods makes every rotation, each with its own date', async () => {
  const scene = await setScene()
  const { kms, clock, KeyId } = scene
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: bytesOf('old') })
  clock.advanceDays(1234)
  // The first request after the jump may be any, even one that encrypts.
  const { CiphertextBlob: young } = await kms.encrypt({ KeyId, Plaintext: bytesOf('young') })
  expect(await rotationDays(scene)).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100, 1200])
  expect(await nextRotationDay(scene)).toBe(1300)
  const { KeyMetadata } = await kms.describeKey({ KeyId })
  await expect(kms.decrypt({ CiphertextBlob: young })).resolves.toMatchObject({
    KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId,
  })
  await expect(kms.decrypt({ CiphertextBlob })).resolves.toMatchObject({ Plaintext: bytesOf('old') })
})

test('many requests at once find a rotation due, and it happens once', async () => {
  const scene = await setScene()
  const { kms, clock, KeyId } = scene
  clock.advanceDays(250)
  const answers = await Promise.all(Array.from({ length: 20 }, () => kms.generateDataKey({ KeyId, NumberOfBytes: 1 })))
  expect(await rotationDays(scene)).toEqual([100, 200])
  const { KeyMetadata } = await kms.describeKey({ KeyId })
  expect(new Set(answers.map(({ KeyMaterialId }) => KeyMaterialId))).toEqual(
    new Set([KeyMetadata?.CurrentKeyMaterialId]),
  )
})

test('many keys fall due in one jump, and each keeps its own schedule', async () => {
  const { kms, clock } = await startKms()
  const start = clock.now()
  const periods = [90, 91, 365, 100, 90]
  const keys = []
  for (const RotationPeriodInDays of periods) {
    const { keyId: KeyId } = await createKey(kms)
    await kms.enableKeyRotation({ KeyId, RotationPeriodInDays })
    keys.push(KeyId)
  }
  clock.advanceDays(1000)
  for (const [i, KeyId] of keys.entries()) {
    const period = periods[i] ?? 0
    const { Rotations } = await kms.listKeyRotations({ KeyId })
    const expected = Array.from(
      { length: Math.floor(1000 / period) },
      (_, n) => new Date(start + days(period * (n + 1))),
    )
    expect(Rotations?.map(({ RotationDate }) => RotationDate)).toEqual(expected)
  }
})

test('a disabled key does not rotate; enabled again it makes up for it at once, and for one period only', async () => {
  const scene = await setScene()
  const { kms, clock, KeyId } = scene
  await kms.disableKey({ KeyId })
  clock.advanceDays(350)
  expect(await rotationDays(scene)).toEqual([])
  await expect(kms.getKeyRotationStatus({ KeyId })).resolves.toMatchObject({ KeyRotationEnabled: true })
  await kms.enableKey({ KeyId })
  expect(await rotationDays(scene)).toEqual([350])
  expect(await nextRotationDay(scene)).toBe(450)
})

test('a key that was disabled and missed nothing keeps its schedule', async () => {
  const scene = await setScene()
  const { kms, clock, KeyId } = scene
  await kms.disableKey({ KeyId })
  clock.advanceDays(50)
  await kms.enableKey({ KeyId })
  expect(await nextRotationDay(scene)).toBe(100)
  clock.advanceDays(50)
  expect(await rotationDays(scene)).toEqual([100])
})

test('a key that is pending deletion reports no rotation and does not rotate', async () => {
  const scene = await setScene(90)
  const { kms, clock, KeyId } = scene
  clock.advanceDays(80)
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 30 })
  const { KeyMetadata } = await kms.describeKey({ KeyId })
  await expect(kms.getKeyRotationStatus({ KeyId })).resolves.toStrictEqual({
    KeyId: KeyMetadata?.Arn,
    KeyRotationEnabled: false,
  })
  clock.advanceDays(25)
  expect(await rotationDays(scene)).toEqual([])
  // The flag comes back with the key, and what was missed is made up for once the key is enabled.
  await kms.cancelKeyDeletion({ KeyId })
  await expect(kms.getKeyRotationStatus({ KeyId })).resolves.toMatchObject({
    KeyRotationEnabled: true,
    RotationPeriodInDays: 90,
  })
  expect(await rotationDays(scene)).toEqual([])
  await kms.enableKey({ KeyId })
  expect(await rotationDays(scene)).toEqual([105])
  expect(await nextRotationDay(scene)).toBe(195)
})

test('rotations and the deletion of another key fall due in the order of their dates', async () => {
  const scene = await setScene(90)
  const { kms, clock, KeyId } = scene
  const doomed = await createKey(kms)
  await kms.scheduleKeyDeletion({ KeyId: doomed.keyId, PendingWindowInDays: 30 })
  clock.advanceDays(200)
  await expect(kms.listKeys()).resolves.toMatchObject({ Keys: [{ KeyId }] })
  expect(await rotationDays(scene)).toEqual([90, 180])
})

test('a schedule that was ended in time makes no rotation', async () => {
  const scene = await setScene()
  const { kms, clock, KeyId } = scene
  clock.advance(days(100) - 1)
  await kms.disableKeyRotation({ KeyId })
  clock.advanceDays(365)
  expect(await rotationDays(scene)).toEqual([])
})

test('a clock that knows fractions of a millisecond loses no deadline', async () => {
  let now = Date.UTC(2030, 0, 1) + 0.125
  const { kms } = await startKms({ clock: { now: () => now } })
  const rotating = await createKey(kms)
  const doomed = await createKey(kms)
  await kms.enableKeyRotation({ KeyId: rotating.keyId, RotationPeriodInDays: 90 })
  now += 0.5
  await kms.scheduleKeyDeletion({ KeyId: doomed.keyId, PendingWindowInDays: 7 })
  now += days(90)
  await expect(kms.listKeys()).resolves.toMatchObject({ Keys: [{ KeyId: rotating.keyId }] })
  expect((await kms.listKeyRotations({ KeyId: rotating.keyId })).Rotations).toHaveLength(1)
})
