/**
 * Several materials of one symmetric key: pending, current, old, missing, and the rotation from one to the next.
 *
 * @covers KMS crypto-details §8, §9; operations, ImportKeyMaterial, RotateKeyOnDemand, ListKeyRotations; wire §4
 */
import type { ListKeyRotationsRequest } from '@softkms/kms'
import { expect, test } from 'vitest'
import { type Wrapping, NEVER, createExternalKey, randomOf, requestWrapping } from '../../support/import-material.ts'
import { type KmsFixture, bytesOf, days, expectRefusal } from '../../support/kms-fixture.ts'
import { startNativeKms } from '../../support/kms-keys.ts'

const NEW = { ImportType: 'NEW_KEY_MATERIAL' } as const
const EXISTING = { ImportType: 'EXISTING_KEY_MATERIAL' } as const
const ALL = { IncludeKeyMaterial: 'ALL_KEY_MATERIAL' } as const

interface Scene extends KmsFixture {
  readonly KeyId: string
  readonly arn: string
  readonly wrap: Wrapping['wrap']
  /** Imports material and returns its id. */
  readonly bring: (material: Uint8Array, more?: object) => Promise<string>
  readonly seal: (text: string) => Promise<Uint8Array>
  readonly stateOf: () => Promise<string | undefined>
}

async function setScene(): Promise<Scene> {
  const fixture = await startNativeKms()
  const { kms } = fixture
  const { KeyId, arn } = await createExternalKey(kms)
  const { wrap } = await requestWrapping(kms, KeyId)
  return {
    ...fixture,
    KeyId,
    arn,
    wrap,
    async bring(material, more = {}) {
      const expiry = 'ValidTo' in more ? {} : NEVER
      const { KeyMaterialId = '' } = await kms.importKeyMaterial({ ...wrap(material), ...expiry, ...more })
      return KeyMaterialId
    },
    async seal(text) {
      const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: bytesOf(text) })
      return CiphertextBlob ?? expect.fail('no blob')
    },
    stateOf: async () => (await kms.describeKey({ KeyId })).KeyMetadata?.KeyState,
  }
}

const expectImportRefused = async (
  scene: Scene,
  input: object,
  ...rest: [Parameters<typeof expectRefusal>[3], string]
) => expectRefusal(scene, 'ImportKeyMaterial', { ...NEVER, ...input }, ...rest)

const incorrect = (arn: string): ['IncorrectKeyMaterialException', string] => [
  'IncorrectKeyMaterialException',
  `The key material in the request is not the key material that was imported into ${arn}.`,
]

test('the life of two materials: imported, pending, current, old, deleted, back again', async () => {
  const scene = await setScene()
  const { kms, clock, KeyId, arn, bring, seal, stateOf } = scene
  const [one, two] = [randomOf(32), randomOf(32)]
  await expect(kms.listKeyRotations({ KeyId, ...ALL })).resolves.toStrictEqual({ Rotations: [], Truncated: false })
  const first = await bring(one, { KeyMaterialDescription: 'first: 2030/1' })
  const blobs = [await seal('under the first')]

  // New material waits, and changes nothing.
  const described = await kms.describeKey({ KeyId })
  const second = await bring(two, { ...NEW, KeyMaterialDescription: 'second' })
  expect(second).not.toBe(first)
  expect(await kms.describeKey({ KeyId })).toStrictEqual(described)
  expect(described.KeyMetadata?.CurrentKeyMaterialId).toBe(first)
  blobs.push(await seal('still under the first'))
  const rows = {
    first: { KeyId, KeyMaterialId: first, KeyMaterialDescription: 'first: 2030/1', ImportState: 'IMPORTED', ...NEVER },
    second: { KeyId, KeyMaterialId: second, KeyMaterialDescription: 'second', ImportState: 'IMPORTED', ...NEVER },
  }
  await expect(kms.listKeyRotations({ KeyId })).resolves.toStrictEqual({ Rotations: [], Truncated: false })
  await expect(kms.listKeyRotations({ KeyId, ...ALL })).resolves.toStrictEqual({
    Rotations: [
      { ...rows.first, KeyMaterialState: 'CURRENT' },
      { ...rows.second, KeyMaterialState: 'PENDING_ROTATION' },
    ],
    Truncated: false,
  })

  clock.advanceDays(0.5)
  const RotationDate = new Date(clock.now())
  await expect(kms.rotateKeyOnDemand({ KeyId })).resolves.toStrictEqual({ KeyId: arn })
  const rotated = { ...rows.second, KeyMaterialState: 'CURRENT', RotationDate, RotationType: 'ON_DEMAND' }
  await expect(kms.listKeyRotations({ KeyId })).resolves.toStrictEqual({ Rotations: [rotated], Truncated: false })
  await expect(kms.listKeyRotations({ KeyId, ...ALL })).resolves.toStrictEqual({
    Rotations: [{ ...rows.first, KeyMaterialState: 'NON_CURRENT' }, rotated],
    Truncated: false,
  })
  expect((await kms.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId).toBe(second)
  blobs.push(await seal('under the second'))
  const opened = await Promise.all(blobs.map((CiphertextBlob) => kms.decrypt({ CiphertextBlob })))
  expect(opened.map(({ KeyMaterialId }) => KeyMaterialId)).toEqual([first, first, second])

  // One old material is missing, and the whole key waits for it.
  await expect(kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId: first })).resolves.toStrictEqual({
    KeyId: arn,
    KeyMaterialId: first,
  })
  expect(await stateOf()).toBe('PendingImport')
  const { ImportState: _, ExpirationModel: __, ...rest } = rows.first
  await expect(kms.listKeyRotations({ KeyId, ...ALL })).resolves.toStrictEqual({
    Rotations: [{ ...rest, ImportState: 'PENDING_IMPORT', KeyMaterialState: 'NON_CURRENT' }, rotated],
    Truncated: false,
  })
  const pending = `${arn} is pending import.`
  for (const CiphertextBlob of blobs) {
    await expectRefusal(scene, 'Decrypt', { CiphertextBlob }, 'KMSInvalidStateException', pending)
  }
  const encryption = { KeyId, Plaintext: bytesOf('x') }
  await expectRefusal(scene, 'Encrypt', encryption, 'KMSInvalidStateException', pending)
  await expectRefusal(scene, 'RotateKeyOnDemand', { KeyId }, 'KMSInvalidStateException', pending)

  // The other material may come again; it does not help.
  await bring(two)
  expect(await stateOf()).toBe('PendingImport')
  await expectImportRefused(scene, { ...scene.wrap(randomOf(32)) }, ...incorrect(arn))
  await expectImportRefused(scene, { ...scene.wrap(one), KeyMaterialId: second }, ...incorrect(arn))
  await bring(one, { KeyMaterialId: first })
  expect(await stateOf()).toBe('Enabled')
  for (const CiphertextBlob of blobs) await kms.decrypt({ CiphertextBlob })
  // The description was kept.
  const { Rotations = [] } = await kms.listKeyRotations({ KeyId, ...ALL })
  expect(Rotations[0]).toStrictEqual({ ...rows.first, KeyMaterialState: 'NON_CURRENT' })
})

test('new material must be new, and known material known', async () => {
  const scene = await setScene()
  const { arn, wrap, bring, kms, KeyId } = scene
  const [one, two] = [randomOf(32), randomOf(32)]
  const first = await bring(one, NEW)
  const notNew = (id: string): ['IncorrectKeyMaterialException', string] => [
    'IncorrectKeyMaterialException',
    `The key material in the request (id: ${id}) is not new to ${arn}.`,
  ]
  await expectImportRefused(scene, { ...wrap(one), ...NEW }, ...notNew(first))
  await expectImportRefused(scene, wrap(two), ...incorrect(arn))
  await expectImportRefused(scene, { ...wrap(two), ...EXISTING }, ...incorrect(arn))
  await expectImportRefused(scene, { ...wrap(two), KeyMaterialId: first }, ...incorrect(arn))
  const second = await bring(two, NEW)
  await expectImportRefused(scene, { ...wrap(two), ...NEW }, ...notNew(second))
  await expectImportRefused(scene, { ...wrap(one), KeyMaterialId: second }, ...incorrect(arn))
  await kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId: first })
  await expectImportRefused(scene, { ...wrap(one), ...NEW }, ...notNew(first))
  for (const more of [{}, EXISTING, { KeyMaterialId: first }, { ...EXISTING, KeyMaterialId: first }]) {
    expect(await bring(one, more)).toBe(first)
  }
})

test('of pending material there is one; it can be described anew, deleted, and replaced', async () => {
  const scene = await setScene()
  const { kms, arn, KeyId, wrap, bring, stateOf } = scene
  const [one, two, three] = [randomOf(32), randomOf(32), randomOf(32)]
  await bring(one)
  const second = await bring(two, NEW)
  // The id of the third is known only once it has been here.
  await kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId: second })
  expect(await stateOf()).toBe('Enabled')
  const third = await bring(three, { ...NEW, KeyMaterialDescription: 'third' })
  const message =
    `New key material (id: ${second}) cannot be imported into KMS key ${arn}, because another key material ` +
    `(id: ${third}) is pending rotation.`
  await expectImportRefused(scene, { ...wrap(two), ...NEW }, 'KMSInvalidStateException', message)
  await expectImportRefused(scene, wrap(two), ...incorrect(arn))

  const ValidTo = new Date(scene.clock.now() + days(10))
  await bring(three, { KeyMaterialDescription: 'said anew', ValidTo })
  const pending = {
    KeyId,
    KeyMaterialId: third,
    KeyMaterialDescription: 'said anew',
    KeyMaterialState: 'PENDING_ROTATION',
    ImportState: 'IMPORTED',
    ExpirationModel: 'KEY_MATERIAL_EXPIRES',
    ValidTo,
  }
  expect((await kms.listKeyRotations({ KeyId, ...ALL })).Rotations?.[1]).toStrictEqual(pending)
  // What is not current yet says nothing of the key.
  expect((await kms.describeKey({ KeyId })).KeyMetadata).toMatchObject(NEVER)
  await kms.rotateKeyOnDemand({ KeyId })
  expect((await kms.describeKey({ KeyId })).KeyMetadata).toMatchObject({ ValidTo, CurrentKeyMaterialId: third })

  // What was deleted before it was current is as good as never seen.
  expect(await bring(two, NEW)).toBe(second)
})

test('pending material that was deleted leaves no trace, and neither does its name', async () => {
  const scene = await setScene()
  const { kms, KeyId, arn, bring } = scene
  await bring(randomOf(32))
  const before = await scene.store.getKey(kms.defaults, KeyId as never)
  const KeyMaterialId = await bring(randomOf(32), NEW)
  await kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId })
  const after = await scene.store.getKey(kms.defaults, KeyId as never)
  expect(after).toEqual({ ...before, version: (before?.version ?? 0) + 2 })
  expect(await scene.store.getMaterial(kms.defaults.region, KeyMaterialId)).toBeUndefined()
  const message = `Key material ${KeyMaterialId} of ${arn} does not exist`
  const again = { KeyId, KeyMaterialId }
  await expectRefusal(scene, 'DeleteImportedKeyMaterial', again, 'NotFoundException', message)
})

test('without material that is pending there is nothing to rotate to', async () => {
  const scene = await setScene()
  const { kms, KeyId, arn, bring } = scene
  const pendingImport = `${arn} is pending import.`
  await expectRefusal(scene, 'RotateKeyOnDemand', { KeyId }, 'KMSInvalidStateException', pendingImport)
  const none = `No available key material pending rotation for the key: ${arn}.`
  await bring(randomOf(32))
  await expectRefusal(scene, 'RotateKeyOnDemand', { KeyId }, 'KMSInvalidStateException', none)
  await bring(randomOf(32), NEW)
  await kms.rotateKeyOnDemand({ KeyId })
  await expectRefusal(scene, 'RotateKeyOnDemand', { KeyId }, 'KMSInvalidStateException', none)
  await bring(randomOf(32), NEW)
  await kms.disableKey({ KeyId })
  await expectRefusal(scene, 'RotateKeyOnDemand', { KeyId }, 'DisabledException', `${arn} is disabled.`)
})

test('a key without all of its material can be brought new material, which waits', async () => {
  const { kms, KeyId, bring, stateOf, wrap } = await setScene()
  const one = randomOf(32)
  const first = await bring(one)
  await kms.deleteImportedKeyMaterial({ KeyId })
  const second = await bring(randomOf(32), NEW)
  expect(await stateOf()).toBe('PendingImport')
  expect((await kms.describeKey({ KeyId })).KeyMetadata).toMatchObject({ CurrentKeyMaterialId: first })
  await kms.importKeyMaterial({ ...wrap(one), ...NEVER })
  await kms.rotateKeyOnDemand({ KeyId })
  expect((await kms.describeKey({ KeyId })).KeyMetadata).toMatchObject({ CurrentKeyMaterialId: second })
})

test('a key has 25 rotations in its life, and all 26 materials decrypt; each is listed, page by page', async () => {
  const scene = await setScene()
  const { kms, KeyId, arn, bring, seal } = scene
  const ids = [await bring(randomOf(32))]
  const blobs = [await seal('0')]
  for (let i = 1; i <= 25; i++) {
    ids.push(await bring(randomOf(32), { ...NEW, KeyMaterialDescription: `number ${i}` }))
    await kms.rotateKeyOnDemand({ KeyId })
    blobs.push(await seal(String(i)))
  }
  const pending = await bring(randomOf(32), NEW)
  const message =
    'The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed ' +
    `for this key: ${arn}`
  await expectRefusal(scene, 'RotateKeyOnDemand', { KeyId }, 'LimitExceededException', message)
  for (const [i, CiphertextBlob] of blobs.entries()) {
    const opened = await kms.decrypt({ CiphertextBlob })
    expect(opened).toMatchObject({ Plaintext: bytesOf(String(i)), KeyMaterialId: ids[i] })
  }
  for (const [more, expected] of [
    [ALL, [...ids, pending]],
    [{}, ids.slice(1)],
  ] as const) {
    for (const Limit of [1, 7, 26, 27, 1000]) {
      expect(await listIds(scene, { KeyId, Limit, ...more })).toEqual(expected)
    }
  }
})

async function listIds({ kms }: Scene, input: ListKeyRotationsRequest): Promise<readonly (string | undefined)[]> {
  const ids: (string | undefined)[] = []
  let Marker: string | undefined
  do {
    const page = await kms.listKeyRotations(Marker === undefined ? input : { ...input, Marker })
    expect(page.Rotations?.length).toBeLessThanOrEqual(input.Limit ?? 0)
    ids.push(...(page.Rotations ?? []).map(({ KeyMaterialId }) => KeyMaterialId))
    expect(page.Truncated).toBe(page.NextMarker !== undefined)
    Marker = page.NextMarker
  } while (Marker !== undefined)
  return ids
}

test('a page is followed by the next one, whatever becomes of the pending material between them', async () => {
  const { kms, KeyId, bring } = await setScene()
  const first = await bring(randomOf(32))
  const second = await bring(randomOf(32), NEW)
  const { NextMarker, Rotations } = await kms.listKeyRotations({ KeyId, Limit: 1, ...ALL })
  expect(Rotations).toMatchObject([{ KeyMaterialId: first }])
  await kms.rotateKeyOnDemand({ KeyId })
  const next = { KeyId, Limit: 1, ...ALL, Marker: NextMarker ?? '' }
  await expect(kms.listKeyRotations(next)).resolves.toMatchObject({ Rotations: [{ KeyMaterialId: second }] })
})

test('a description is retained unless another is given', async () => {
  const { kms, KeyId, bring } = await setScene()
  const material = randomOf(32)
  const description = async () => (await kms.listKeyRotations({ KeyId, ...ALL })).Rotations?.[0]?.KeyMaterialDescription
  await bring(material)
  expect(await description()).toBeUndefined()
  await bring(material, { KeyMaterialDescription: 'x'.repeat(256) })
  expect(await description()).toBe('x'.repeat(256))
  await kms.deleteImportedKeyMaterial({ KeyId })
  expect(await description()).toBe('x'.repeat(256))
  await bring(material)
  expect(await description()).toBe('x'.repeat(256))
  await bring(material, { KeyMaterialDescription: 'short' })
  expect(await description()).toBe('short')
})
