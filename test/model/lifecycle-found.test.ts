/**
 * What the model found in the service, each as short as it was left: by name, so that it stays found.
 *
 * @covers KMS crypto-details §8 to §10
 */
import { createHsm } from '@softkms/hsm'
import { DAY_MS } from '@softkms/lifecycle'
import type { Kms } from 'softkms'
import { expect, test } from 'vitest'
import { type KmsFixture, OTHER_REGION, refusalOf, startKms } from '../support/kms-fixture.ts'
import { createRepeatedRsaProvider } from '../support/repeated-rsa.ts'
import { wrapMaterial } from '../support/wrap-material.ts'

const hsm = createHsm({ provider: createRepeatedRsaProvider() })

interface Pair extends KmsFixture {
  readonly there: Kms
  readonly KeyId: string
}

/** A multi-Region key with a replica; its material, where it is imported, is in both. */
async function startPair(Origin: 'AWS_KMS' | 'EXTERNAL'): Promise<Pair> {
  const fixture = await startKms({ hsm })
  const { kms } = fixture
  const there = kms.inRegion(OTHER_REGION)
  const { KeyMetadata } = await kms.createKey({ MultiRegion: true, Origin })
  const KeyId = KeyMetadata?.KeyId ?? ''
  if (Origin === 'EXTERNAL') await importInto(kms, KeyId, 1)
  await kms.replicateKey({ KeyId, ReplicaRegion: OTHER_REGION })
  if (Origin === 'EXTERNAL') await importInto(there, KeyId, 1)
  return { ...fixture, there, KeyId }
}

async function importInto(kms: Kms, KeyId: string, material: number, isNew = false): Promise<string> {
  const wrapped = await wrapMaterial(kms, KeyId, new Uint8Array(32).fill(material))
  const request = isNew ? { ...wrapped, ImportType: 'NEW_KEY_MATERIAL' as const } : wrapped
  return (await kms.importKeyMaterial(request)).KeyMaterialId ?? ''
}

test('enabling a replica does not move the schedule of a primary that has missed a rotation', async () => {
  const { kms, there, clock, KeyId } = await startPair('AWS_KMS')
  await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 })
  const due = clock.now() + 90 * DAY_MS
  await kms.disableKey({ KeyId })
  clock.advanceDays(100)
  await there.enableKey({ KeyId })
  for (const one of [kms, there]) {
    expect((await one.getKeyRotationStatus({ KeyId })).NextRotationDate?.getTime()).toBe(due)
  }
})

test('a primary can be rid of pending material that was only ever in another Region', async () => {
  const { kms, there, KeyId } = await startPair('EXTERNAL')
  const KeyMaterialId = await importInto(kms, KeyId, 2, true)
  await kms.updatePrimaryRegion({ KeyId, PrimaryRegion: OTHER_REGION })
  await there.deleteImportedKeyMaterial({ KeyId, KeyMaterialId })
  for (const one of [kms, there]) {
    const { Rotations } = await one.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })
    expect(Rotations).toHaveLength(1)
  }
  await importInto(there, KeyId, 3, true)
})

test('a replica is told that it does not rotate, whatever is pending', async () => {
  const { kms, there, KeyId } = await startPair('EXTERNAL')
  await importInto(kms, KeyId, 2, true)
  expect(await refusalOf(there.rotateKeyOnDemand({ KeyId }))).toMatchObject({ code: 'UnsupportedOperationException' })
  expect(await refusalOf(kms.rotateKeyOnDemand({ KeyId }))).toMatchObject({ code: 'KMSInvalidStateException' })
})
