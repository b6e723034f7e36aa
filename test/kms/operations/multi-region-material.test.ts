/**
 * The material of multi-Region keys: rotation, which the primary decides, and imports, which each Region needs.
 *
 * @covers KMS crypto-details §8 to §10; operations, RotateKeyOnDemand and ImportKeyMaterial
 */
import type { Kms } from 'softkms'
import { beforeEach, describe, expect, test } from 'vitest'
import { type KmsFixture, OTHER_REGION, REGION, bytesOf, expectRefusal } from '../../support/kms-fixture.ts'
import { startNativeKms } from '../../support/kms-keys.ts'
import {
  THIRD_REGION,
  type Primary,
  arnIn,
  createPrimary,
  describeIn,
  rotationsIn,
  startWithReplica,
} from '../../support/multi-region-keys.ts'
import { wrapMaterial } from '../../support/wrap-material.ts'

const MINUTE = 60_000
const Plaintext = bytesOf('kept')

describe('rotation', () => {
  test('belongs to the primary, and every replica follows', async () => {
    const { fixture, key } = await startWithReplica()
    const { kms, clock } = fixture
    const { KeyId } = key
    const there = kms.inRegion(OTHER_REGION)
    const first = await kms.encrypt({ KeyId, Plaintext })
    await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 })
    const status = await kms.getKeyRotationStatus({ KeyId })
    await expect(there.getKeyRotationStatus({ KeyId })).resolves.toEqual({ ...status, KeyId: arnIn(OTHER_REGION, key) })
    await kms.rotateKeyOnDemand({ KeyId })
    clock.advanceDays(90)
    const rotations = await rotationsIn(kms, REGION, key)
    expect(rotations).toHaveLength(3)
    expect(await rotationsIn(kms, OTHER_REGION, key)).toEqual(rotations)
    await kms.replicateKey({ KeyId, ReplicaRegion: THIRD_REGION })
    expect(await rotationsIn(kms, THIRD_REGION, key)).toEqual(rotations)
    for (const region of [REGION, OTHER_REGION, THIRD_REGION]) {
      const { CiphertextBlob = new Uint8Array(0) } = first
      await expect(kms.inRegion(region).decrypt({ CiphertextBlob })).resolves.toMatchObject({ Plaintext })
    }
    const newest = await kms.inRegion(THIRD_REGION).generateDataKey({ KeyId, KeySpec: 'AES_256' })
    const { CiphertextBlob = new Uint8Array(0) } = newest
    await expect(kms.decrypt({ CiphertextBlob })).resolves.toMatchObject({ Plaintext: newest.Plaintext })
  })

  test.each(['EnableKeyRotation', 'DisableKeyRotation', 'RotateKeyOnDemand'] as const)(
    '%s is refused by a replica',
    async (operation) => {
      const { fixture, key } = await startWithReplica()
      const there = { ...fixture, kms: fixture.kms.inRegion(OTHER_REGION) }
      await there.kms.describeKey({ KeyId: key.KeyId })
      const message = `${arnIn(OTHER_REGION, key)} is not a multi-region primary key.`
      await expectRefusal(there, operation, { KeyId: key.KeyId }, 'UnsupportedOperationException', message)
    },
  )

  test('takes effect once every replica has the material', async () => {
    const { fixture, key } = await startWithReplica({ replicationMs: MINUTE })
    const { kms, clock } = fixture
    const { KeyId } = key
    clock.advance(MINUTE)
    const before = await describeIn(kms, REGION, key)
    const startedAt = new Date(clock.now())
    await kms.rotateKeyOnDemand({ KeyId })
    expect(await kms.getKeyRotationStatus({ KeyId })).toMatchObject({ OnDemandRotationStartDate: startedAt })
    await expectRefusal(
      fixture,
      'RotateKeyOnDemand',
      { KeyId },
      'ConflictException',
      `A rotation of ${key.arn} is in progress.`,
    )
    clock.advance(MINUTE - 1)
    for (const region of [REGION, OTHER_REGION]) {
      expect(await describeIn(kms, region, key)).toMatchObject({ CurrentKeyMaterialId: before.CurrentKeyMaterialId })
    }
    clock.advance(1)
    const after = await describeIn(kms, REGION, key)
    expect(after.CurrentKeyMaterialId).not.toBe(before.CurrentKeyMaterialId)
    expect(await describeIn(kms, OTHER_REGION, key)).toMatchObject({ CurrentKeyMaterialId: after.CurrentKeyMaterialId })
    expect(await kms.getKeyRotationStatus({ KeyId })).not.toHaveProperty('OnDemandRotationStartDate')
    const { Rotations } = await kms.listKeyRotations({ KeyId })
    expect(Rotations).toMatchObject([{ RotationType: 'ON_DEMAND', RotationDate: new Date(clock.now()) }])
  })
})

describe('imported material', () => {
  const first = new Uint8Array(32).fill(1)
  const second = new Uint8Array(32).fill(2)
  let fixture: KmsFixture
  let key: Primary
  let there: Kms

  beforeEach(async () => {
    fixture = await startNativeKms()
    const { kms } = fixture
    key = await createPrimary(kms, { Origin: 'EXTERNAL' })
    await kms.importKeyMaterial(await wrapMaterial(kms, key.KeyId, first))
    await kms.replicateKey({ KeyId: key.KeyId, ReplicaRegion: OTHER_REGION })
    there = kms.inRegion(OTHER_REGION)
  })

  test('is imported into every Region by itself, and is the same', async () => {
    const { kms } = fixture
    const { KeyId } = key
    const { CiphertextBlob = new Uint8Array(0) } = await kms.encrypt({ KeyId, Plaintext })
    expect(await describeIn(kms, OTHER_REGION, key)).toMatchObject({ KeyState: 'PendingImport' })
    const pending = `${arnIn(OTHER_REGION, key)} is pending import.`
    const input = { CiphertextBlob }
    await expectRefusal({ ...fixture, kms: there }, 'Decrypt', input, 'KMSInvalidStateException', pending)
    const other = await wrapMaterial(there, KeyId, second)
    await expect(there.importKeyMaterial(other)).rejects.toMatchObject({ name: 'IncorrectKeyMaterialException' })
    const asNew = { ...other, ImportType: 'NEW_KEY_MATERIAL' } as const
    await expect(there.importKeyMaterial(asNew)).rejects.toMatchObject({ name: 'UnsupportedOperationException' })
    await there.importKeyMaterial(await wrapMaterial(there, KeyId, first))
    await expect(there.decrypt({ CiphertextBlob })).resolves.toMatchObject({ Plaintext })
  })

  test('rotates once the new material is in every Region', async () => {
    const { kms } = fixture
    const { KeyId } = key
    await there.importKeyMaterial(await wrapMaterial(there, KeyId, first))
    const { CiphertextBlob = new Uint8Array(0) } = await there.encrypt({ KeyId, Plaintext })
    const fresh = await wrapMaterial(kms, KeyId, second)
    const type = { ImportType: 'NEW_KEY_MATERIAL', KeyMaterialDescription: 'the second' } as const
    const { KeyMaterialId } = await kms.importKeyMaterial({ ...fresh, ...type })
    const entry = { KeyMaterialId, KeyMaterialDescription: 'the second' }
    const awaited = { ...entry, KeyMaterialState: 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION' }
    expect(await rotationsIn(kms, REGION, key)).toMatchObject([{}, { ...awaited, ImportState: 'IMPORTED' }])
    expect(await rotationsIn(kms, OTHER_REGION, key)).toMatchObject([{}, { ...awaited, ImportState: 'PENDING_IMPORT' }])
    const message = `No available key material pending rotation for the key: ${key.arn}.`
    await expectRefusal(fixture, 'RotateKeyOnDemand', { KeyId }, 'KMSInvalidStateException', message)
    await there.importKeyMaterial(await wrapMaterial(there, KeyId, second))
    const ready = { ...entry, KeyMaterialState: 'PENDING_ROTATION', ImportState: 'IMPORTED' }
    expect(await rotationsIn(kms, REGION, key)).toMatchObject([{}, ready])
    await kms.rotateKeyOnDemand({ KeyId })
    for (const region of [REGION, OTHER_REGION]) {
      expect(await describeIn(kms, region, key)).toMatchObject({
        CurrentKeyMaterialId: KeyMaterialId,
        KeyState: 'Enabled',
      })
      await expect(kms.inRegion(region).decrypt({ CiphertextBlob })).resolves.toMatchObject({ Plaintext })
    }
  })

  test('that is pending and deleted at the primary is forgotten everywhere; at a replica, only there', async () => {
    const { kms, store } = fixture
    const { KeyId } = key
    await there.importKeyMaterial(await wrapMaterial(there, KeyId, first))
    const bring = async (): Promise<string> => {
      const fresh = { ...(await wrapMaterial(kms, KeyId, second)), ImportType: 'NEW_KEY_MATERIAL' } as const
      const { KeyMaterialId = '' } = await kms.importKeyMaterial(fresh)
      await there.importKeyMaterial(await wrapMaterial(there, KeyId, second))
      return KeyMaterialId
    }
    const KeyMaterialId = await bring()
    await there.deleteImportedKeyMaterial({ KeyId, KeyMaterialId })
    expect(await describeIn(kms, OTHER_REGION, key)).toMatchObject({ KeyState: 'Enabled' })
    expect(await rotationsIn(kms, OTHER_REGION, key)).toMatchObject([{}, { ImportState: 'PENDING_IMPORT' }])
    expect(await rotationsIn(kms, REGION, key)).toMatchObject([{}, { ImportState: 'IMPORTED' }])
    await kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId })
    for (const region of [REGION, OTHER_REGION]) {
      expect(await rotationsIn(kms, region, key)).toHaveLength(1)
      await expect(store.getMaterial(region, KeyMaterialId)).resolves.toBeUndefined()
    }
    expect(await bring()).toBe(KeyMaterialId)
  })

  test('that is missing in one Region stops the key there alone', async () => {
    const { kms } = fixture
    const { KeyId } = key
    await there.importKeyMaterial(await wrapMaterial(there, KeyId, first))
    await kms.deleteImportedKeyMaterial({ KeyId })
    expect(await describeIn(kms, REGION, key)).toMatchObject({ KeyState: 'PendingImport' })
    expect(await describeIn(kms, OTHER_REGION, key)).toMatchObject({ KeyState: 'Enabled' })
  })

  test('has descriptions that the primary alone can change', async () => {
    const { kms } = fixture
    const { KeyId } = key
    const said = { ...(await wrapMaterial(kms, KeyId, first)), KeyMaterialDescription: 'from the vault' }
    await kms.importKeyMaterial(said)
    const wrapped = await wrapMaterial(there, KeyId, first)
    const otherwise = { ...wrapped, KeyMaterialDescription: 'from elsewhere' }
    await expect(there.importKeyMaterial(otherwise)).rejects.toMatchObject({ name: 'UnsupportedOperationException' })
    await there.importKeyMaterial({ ...wrapped, KeyMaterialDescription: 'from the vault' })
    const entries = [{ KeyMaterialDescription: 'from the vault' }]
    expect(await rotationsIn(kms, OTHER_REGION, key)).toMatchObject(entries)
  })
})
