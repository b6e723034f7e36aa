/**
 * RotateKeyOnDemand, EnableKeyRotation, DisableKeyRotation, GetKeyRotationStatus, ListKeyRotations.
 *
 * @covers KMS operations; crypto-details §9; wire §4, §5
 */
import { expect, test } from 'vitest'
import {
  type KmsFixture,
  type NewKey,
  bytesOf,
  createKey,
  days,
  expectRefusal,
  startKms,
} from '../../support/kms-fixture.ts'

async function setScene(): Promise<KmsFixture & NewKey & { readonly KeyId: string }> {
  const fixture = await startKms()
  const key = await createKey(fixture.kms)
  return { ...fixture, ...key, KeyId: key.keyId }
}

test('a key begins without a schedule, and its status has two members', async () => {
  const { kms, KeyId, arn } = await setScene()
  await expect(kms.getKeyRotationStatus({ KeyId })).resolves.toStrictEqual({ KeyId: arn, KeyRotationEnabled: false })
})

test.each([
  [undefined, 365],
  [90, 90],
  [2560, 2560],
])('a schedule of %s days rotates first after %s', async (RotationPeriodInDays, period) => {
  const { kms, clock, KeyId, arn } = await setScene()
  clock.advanceDays(10)
  const input = RotationPeriodInDays === undefined ? {} : { RotationPeriodInDays }
  await expect(kms.enableKeyRotation({ KeyId, ...input })).resolves.toStrictEqual({})
  await expect(kms.getKeyRotationStatus({ KeyId })).resolves.toStrictEqual({
    KeyId: arn,
    KeyRotationEnabled: true,
    RotationPeriodInDays: period,
    NextRotationDate: new Date(clock.now() + days(period)),
  })
})

test.each([
  [89, 'greater than or equal to 90'],
  [2561, 'less than or equal to 2560'],
])('a period of %s days must be %s', async (RotationPeriodInDays, bound) => {
  const scene = await setScene()
  const message =
    `1 validation error detected: Value '${RotationPeriodInDays}' at 'rotationPeriodInDays' failed to satisfy ` +
    `constraint: Member must have value ${bound}`
  const input = { KeyId: scene.KeyId, RotationPeriodInDays }
  await expectRefusal(scene, 'EnableKeyRotation', input, 'ValidationException', message)
})

test('enabling again begins the period anew, with the period that is asked for', async () => {
  const { kms, clock, KeyId } = await setScene()
  await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 100 })
  clock.advanceDays(99)
  await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 200 })
  await expect(kms.getKeyRotationStatus({ KeyId })).resolves.toMatchObject({
    RotationPeriodInDays: 200,
    NextRotationDate: new Date(clock.now() + days(200)),
  })
  await kms.disableKeyRotation({ KeyId })
  await expect(kms.disableKeyRotation({ KeyId })).resolves.toStrictEqual({})
  clock.advanceDays(1000)
  await expect(kms.getKeyRotationStatus({ KeyId })).resolves.toMatchObject({ KeyRotationEnabled: false })
  await expect(kms.listKeyRotations({ KeyId })).resolves.toStrictEqual({ Rotations: [], Truncated: false })
})

test('an on-demand rotation changes the material and nothing that names the key', async () => {
  const { kms, KeyId, arn } = await setScene()
  const { KeyMetadata: before } = await kms.describeKey({ KeyId })
  await expect(kms.rotateKeyOnDemand({ KeyId })).resolves.toStrictEqual({ KeyId: arn })
  const { KeyMetadata: after } = await kms.describeKey({ KeyId })
  expect(after?.CurrentKeyMaterialId).not.toBe(before?.CurrentKeyMaterialId)
  expect({ ...after, CurrentKeyMaterialId: '' }).toEqual({ ...before, CurrentKeyMaterialId: '' })
})

test('an on-demand rotation leaves the schedule where it was', async () => {
  const { kms, clock, KeyId } = await setScene()
  await kms.enableKeyRotation({ KeyId })
  const before = await kms.getKeyRotationStatus({ KeyId })
  clock.advanceDays(100)
  await kms.rotateKeyOnDemand({ KeyId })
  await expect(kms.getKeyRotationStatus({ KeyId })).resolves.toStrictEqual(before)
})

test('ciphertext of every version opens; new ciphertext is of the newest', async () => {
  const { kms, KeyId } = await setScene()
  const sealed = []
  for (let i = 0; i < 10; i++) {
    const { KeyMetadata } = await kms.describeKey({ KeyId })
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: bytesOf(`version ${i}`) })
    sealed.push({ CiphertextBlob, Plaintext: bytesOf(`version ${i}`), id: KeyMetadata?.CurrentKeyMaterialId })
    await kms.rotateKeyOnDemand({ KeyId })
  }
  for (const { CiphertextBlob, Plaintext, id } of sealed) {
    await expect(kms.decrypt({ CiphertextBlob, KeyId })).resolves.toMatchObject({ Plaintext, KeyMaterialId: id })
  }
  expect(new Set(sealed.map(({ id }) => id)).size).toBe(10)
})

test('a key has 25 on-demand rotations in its life', async () => {
  const scene = await setScene()
  const { kms, KeyId, arn } = scene
  await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 })
  // Automatic rotations do not count.
  scene.clock.advanceDays(300)
  for (let i = 0; i < 25; i++) await kms.rotateKeyOnDemand({ KeyId })
  const message =
    'The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed ' +
    `for this key: ${arn}`
  await expectRefusal(scene, 'RotateKeyOnDemand', { KeyId }, 'LimitExceededException', message)
  const { Rotations = [] } = await kms.listKeyRotations({ KeyId })
  expect(Rotations.filter(({ RotationType }) => RotationType === 'ON_DEMAND')).toHaveLength(25)
  expect(Rotations.filter(({ RotationType }) => RotationType === 'AUTOMATIC')).toHaveLength(3)
})

test('rotations are listed oldest first, with the first material on request', async () => {
  const { kms, clock, KeyId } = await setScene()
  const ids: (string | undefined)[] = [(await kms.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId]
  const dates: Date[] = []
  for (let i = 0; i < 2; i++) {
    clock.advanceDays(3)
    dates.push(new Date(clock.now()))
    await kms.rotateKeyOnDemand({ KeyId })
    ids.push((await kms.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId)
  }
  const rotations = [
    {
      KeyId,
      KeyMaterialId: ids[1],
      KeyMaterialState: 'NON_CURRENT',
      RotationDate: dates[0],
      RotationType: 'ON_DEMAND',
    },
    { KeyId, KeyMaterialId: ids[2], KeyMaterialState: 'CURRENT', RotationDate: dates[1], RotationType: 'ON_DEMAND' },
  ]
  for (const input of [{}, { IncludeKeyMaterial: 'ROTATIONS_ONLY' }] as const) {
    const listed = await kms.listKeyRotations({ KeyId, ...input })
    expect(listed).toStrictEqual({ Rotations: rotations, Truncated: false })
  }
  await expect(kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })).resolves.toStrictEqual({
    Rotations: [{ KeyId, KeyMaterialId: ids[0], KeyMaterialState: 'NON_CURRENT' }, ...rotations],
    Truncated: false,
  })
})

test('a key that never rotated has one material, which is current', async () => {
  const { kms, KeyId } = await setScene()
  const { KeyMetadata } = await kms.describeKey({ KeyId })
  await expect(kms.listKeyRotations({ KeyId })).resolves.toStrictEqual({ Rotations: [], Truncated: false })
  await expect(kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })).resolves.toStrictEqual({
    Rotations: [{ KeyId, KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId, KeyMaterialState: 'CURRENT' }],
    Truncated: false,
  })
})
