/**
 * Imported material that expires: at its instant, in whatever state the key is, one material or several.
 *
 * @covers KMS crypto-details §8; key-states, "Who can be in which state"
 */
import { expect, test } from 'vitest'
import { type Wrapping, NEVER, createExternalKey, randomOf, requestWrapping } from '../../support/import-material.ts'
import { type KmsFixture, bytesOf, days, expectRefusal } from '../../support/kms-fixture.ts'
import { startNativeKms } from '../../support/kms-keys.ts'

const NEW = { ImportType: 'NEW_KEY_MATERIAL' } as const
const ALL = { IncludeKeyMaterial: 'ALL_KEY_MATERIAL' } as const

interface Scene extends KmsFixture {
  readonly KeyId: string
  readonly arn: string
  readonly wrap: Wrapping['wrap']
  /** Imports material that ends so many milliseconds from the beginning, or never. */
  readonly bring: (material: Uint8Array, endsMs?: number, more?: object) => Promise<string>
  readonly describe: () => Promise<Record<string, unknown>>
  /** When the scene began. */
  readonly start: number
}

async function setScene(): Promise<Scene> {
  const fixture = await startNativeKms()
  const { kms, clock } = fixture
  const { KeyId, arn } = await createExternalKey(kms)
  const { wrap } = await requestWrapping(kms, KeyId)
  const start = clock.now()
  return {
    ...fixture,
    KeyId,
    arn,
    wrap,
    start,
    async bring(material, endsMs, more = {}) {
      const expiry = endsMs === undefined ? NEVER : { ValidTo: new Date(start + endsMs) }
      const { KeyMaterialId = '' } = await kms.importKeyMaterial({ ...wrap(material), ...expiry, ...more })
      return KeyMaterialId
    },
    describe: async () => ({ ...(await kms.describeKey({ KeyId })).KeyMetadata }),
  }
}

test('the members of DescribeKey before the import, after it, and when the material is gone', async () => {
  const { clock, KeyId, arn, bring, describe } = await setScene()
  const bare = {
    AWSAccountId: '111122223333',
    Arn: arn,
    CreationDate: new Date(clock.now()),
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    Description: '',
    Enabled: false,
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    KeyId,
    KeyManager: 'CUSTOMER',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyState: 'PendingImport',
    KeyUsage: 'ENCRYPT_DECRYPT',
    MultiRegion: false,
    Origin: 'EXTERNAL',
  }
  expect(await describe()).toStrictEqual(bare)
  const CurrentKeyMaterialId = await bring(randomOf(32), 1000)
  expect(await describe()).toStrictEqual({
    ...bare,
    CurrentKeyMaterialId,
    Enabled: true,
    KeyState: 'Enabled',
    ExpirationModel: 'KEY_MATERIAL_EXPIRES',
    ValidTo: new Date(clock.now() + 1000),
  })
  clock.advance(1000)
  expect(await describe()).toStrictEqual({ ...bare, CurrentKeyMaterialId })
})

test('material expires at its instant and not a millisecond sooner; the same material brings the key back', async () => {
  const scene = await setScene()
  const { kms, clock, store, KeyId, arn, bring } = scene
  const material = randomOf(32)
  const id = await bring(material, days(1) - 1)
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: bytesOf('kept') })
  clock.advance(days(1) - 2)
  await kms.decrypt({ CiphertextBlob })
  clock.advance(1)
  const message = `${arn} is pending import.`
  await kms.describeKey({ KeyId })
  await expectRefusal(scene, 'Decrypt', { CiphertextBlob }, 'KMSInvalidStateException', message)
  const record = await store.getMaterial(kms.defaults.region, id)
  expect(record).toMatchObject({ materialId: id })
  expect(record).not.toHaveProperty('token')
  await bring(material, days(2))
  expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(bytesOf('kept'))
})

test('whoever looks first after the instant sees it: here a request about another key', async () => {
  const { kms, clock, store, KeyId, bring } = await setScene()
  const id = await bring(randomOf(32), 5)
  clock.advance(5)
  await kms.createKey()
  expect(await store.getKey(kms.defaults, KeyId as never)).toMatchObject({ life: { state: { name: 'PendingImport' } } })
  expect(await store.getMaterial(kms.defaults.region, id)).not.toHaveProperty('token')
})

test('the same material with another end expires then, or never', async () => {
  const { clock, bring, describe } = await setScene()
  const material = randomOf(32)
  await bring(material, 100)
  await bring(material, 200)
  clock.advance(100)
  expect(await describe()).toMatchObject({ KeyState: 'Enabled' })
  await bring(material)
  clock.advance(1000)
  expect(await describe()).toMatchObject({ KeyState: 'Enabled', ...NEVER })
  expect(await describe()).not.toHaveProperty('ValidTo')
  await bring(material, 1101)
  clock.advance(1)
  expect(await describe()).toMatchObject({ KeyState: 'PendingImport' })
})

test('of several materials the first to end ends the use of the key, and each must come back', async () => {
  const { kms, clock, start, KeyId, bring, describe } = await setScene()
  const [one, two, three] = [randomOf(32), randomOf(32), randomOf(32)]
  const at = (ms: number) => ({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(start + ms) })
  const first = await bring(one, 300)
  expect(await describe()).toMatchObject(at(300))
  await bring(two, 100, NEW)
  // It is not the key's until it is current.
  expect(await describe()).toMatchObject(at(300))
  await kms.rotateKeyOnDemand({ KeyId })
  expect(await describe()).toMatchObject(at(100))
  await bring(three, undefined, NEW)
  await kms.rotateKeyOnDemand({ KeyId })
  expect(await describe()).toMatchObject(at(100))

  const importStates = async () =>
    (await kms.listKeyRotations({ KeyId, ...ALL })).Rotations?.map(({ ImportState }) => ImportState)
  clock.advance(100)
  expect(await describe()).toMatchObject({ KeyState: 'PendingImport', ...at(300) })
  expect(await importStates()).toEqual(['IMPORTED', 'PENDING_IMPORT', 'IMPORTED'])
  clock.advance(200)
  expect(await importStates()).toEqual(['PENDING_IMPORT', 'PENDING_IMPORT', 'IMPORTED'])
  expect(await describe()).toMatchObject({ KeyState: 'PendingImport', ...NEVER })
  await bring(two)
  expect(await describe()).toMatchObject({ KeyState: 'PendingImport' })
  expect(await bring(one)).toBe(first)
  expect(await describe()).toMatchObject({ KeyState: 'Enabled', ...NEVER })
})

test('materials that end at once end at once, seen years later', async () => {
  const { kms, clock, KeyId, bring, describe } = await setScene()
  await bring(randomOf(32), 100)
  await bring(randomOf(32), 100, NEW)
  await kms.rotateKeyOnDemand({ KeyId })
  await bring(randomOf(32), 100, NEW)
  clock.advanceDays(3650)
  expect(await describe()).toMatchObject({ KeyState: 'PendingImport' })
  const { Rotations } = await kms.listKeyRotations({ KeyId, ...ALL })
  expect(Rotations).toMatchObject([{ ImportState: 'PENDING_IMPORT' }, { ImportState: 'PENDING_IMPORT' }])
})

test('pending material that expires is forgotten, and the key goes on', async () => {
  const scene = await setScene()
  const { kms, clock, store, KeyId, arn, bring, describe } = scene
  await bring(randomOf(32))
  const pending = randomOf(32)
  const id = await bring(pending, 50, NEW)
  clock.advance(49)
  expect((await kms.listKeyRotations({ KeyId, ...ALL })).Rotations).toHaveLength(2)
  clock.advance(1)
  expect((await kms.listKeyRotations({ KeyId, ...ALL })).Rotations).toHaveLength(1)
  expect(await describe()).toMatchObject({ KeyState: 'Enabled' })
  expect(await store.getMaterial(kms.defaults.region, id)).toBeUndefined()
  const none = `No available key material pending rotation for the key: ${arn}.`
  await expectRefusal(scene, 'RotateKeyOnDemand', { KeyId }, 'KMSInvalidStateException', none)
  expect(await bring(pending, undefined, NEW)).toBe(id)
})

test('pending material that has become current ends when it was to end', async () => {
  const { kms, clock, KeyId, bring, describe } = await setScene()
  await bring(randomOf(32))
  await bring(randomOf(32), 70, NEW)
  await kms.rotateKeyOnDemand({ KeyId })
  clock.advance(69)
  expect(await describe()).toMatchObject({ KeyState: 'Enabled' })
  clock.advance(1)
  expect(await describe()).toMatchObject({ KeyState: 'PendingImport' })
})

test('a disabled key that loses its material waits for it, and is enabled when it comes', async () => {
  const { kms, clock, KeyId, bring, describe } = await setScene()
  const material = randomOf(32)
  await bring(material, 10)
  await kms.disableKey({ KeyId })
  await bring(material, 20)
  expect(await describe()).toMatchObject({ KeyState: 'Disabled' })
  clock.advance(20)
  expect(await describe()).toMatchObject({ KeyState: 'PendingImport' })
  await bring(material)
  expect(await describe()).toMatchObject({ KeyState: 'Enabled' })
})

test('material expires while its key is about to be deleted; cancelled, the key waits for it', async () => {
  const { kms, clock, KeyId, bring, describe } = await setScene()
  const material = randomOf(32)
  await bring(material, days(3))
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
  clock.advanceDays(3)
  expect(await describe()).toMatchObject({ KeyState: 'PendingDeletion' })
  expect(await describe()).not.toHaveProperty('ValidTo')
  await kms.cancelKeyDeletion({ KeyId })
  expect(await describe()).toMatchObject({ KeyState: 'PendingImport' })
  const { wrap } = await requestWrapping(kms, KeyId)
  await kms.importKeyMaterial({ ...wrap(material), ...NEVER })
  expect(await describe()).toMatchObject({ KeyState: 'Enabled' })
})
