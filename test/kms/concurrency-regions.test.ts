/** Requests that race for the keys of one multi-Region key, in all of its Regions. */
import type { Kms } from 'softkms'
import { expect, test } from 'vitest'
import { OTHER_REGION, REGION, bytesOf, createKey, startKms } from '../support/kms-fixture.ts'
import { THIRD_REGION, createPrimary, describeIn, rotationsIn } from '../support/multi-region-keys.ts'
import { createSlowStore } from '../support/slow-store.ts'

const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1)
const REGIONS = [REGION, OTHER_REGION, THIRD_REGION]
/** What somebody is told who comes too late, or asks in the wrong Region. */
const LATE = [
  'AlreadyExistsException',
  'ConflictException',
  'DisabledException',
  'KMSInvalidStateException',
  'NotFoundException',
  'UnsupportedOperationException',
]

test.each(SEEDS)('whatever is asked at once, the Regions agree in the end (seed %s)', async (seed) => {
  const { kms, clock } = await startKms({ store: createSlowStore(seed), replicationMs: 1000 })
  const key = await createPrimary(kms)
  const { KeyId } = key
  await kms.replicateKey({ KeyId, ReplicaRegion: OTHER_REGION })
  clock.advance(1000)
  const sealed: Uint8Array[] = []
  for (let round = 0; round < 6; round++) {
    const asking = REGIONS.flatMap((region) => askEverything(kms.inRegion(region), region, round % 3 === 1))
    const outcomes = await Promise.allSettled(asking)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(LATE).toContain((outcome.reason as Error).name)
    }
    clock.advance(500)
  }
  clock.advance(1000)
  await kms.listKeys()

  const { PrimaryKey, ReplicaKeys = [] } = (await describeIn(kms, REGION, key)).MultiRegionConfiguration ?? {}
  const regions = [PrimaryKey, ...ReplicaKeys].map((one) => one?.Region ?? '')
  expect(regions.length).toBeGreaterThan(1)
  const sights = await Promise.all(
    regions.map(async (region) => {
      const { MultiRegionConfiguration } = await describeIn(kms, region, key)
      const { MultiRegionKeyType: _, ...set } = MultiRegionConfiguration ?? {}
      return { set, rotations: await rotationsIn(kms, region, key) }
    }),
  )
  for (const sight of sights) expect(sight).toEqual(sights[0])
  expect(sealed.length).toBeGreaterThan(0)
  for (const region of regions) {
    await kms
      .inRegion(region)
      .cancelKeyDeletion({ KeyId })
      .catch(() => {})
    await kms.inRegion(region).enableKey({ KeyId })
    for (const CiphertextBlob of sealed) {
      await expect(kms.inRegion(region).decrypt({ CiphertextBlob })).resolves.toBeDefined()
    }
  }

  async function seal(at: Kms): Promise<void> {
    const { CiphertextBlob = new Uint8Array(0) } = await at.encrypt({ KeyId, Plaintext: bytesOf('kept') })
    sealed.push(CiphertextBlob)
  }

  function askEverything(at: Kms, region: string, isDying: boolean): Promise<unknown>[] {
    return [
      ...(isDying ? [at.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })] : [at.cancelKeyDeletion({ KeyId })]),
      at.enableKey({ KeyId }),
      ...REGIONS.filter((one) => one !== region).flatMap((other) => [
        at.replicateKey({ KeyId, ReplicaRegion: other }),
        at.updatePrimaryRegion({ KeyId, PrimaryRegion: other }),
      ]),
      at.rotateKeyOnDemand({ KeyId }),
      seal(at),
    ]
  }
})

test.each(SEEDS)('nobody is refused for what falls due while others perform it (seed %s)', async (seed) => {
  const { kms, clock } = await startKms({ store: createSlowStore(seed) })
  const { keyId: bystander } = await createKey(kms)
  const key = await createPrimary(kms)
  const { KeyId } = key
  for (const ReplicaRegion of [OTHER_REGION, THIRD_REGION]) await kms.replicateKey({ KeyId, ReplicaRegion })
  await kms.updatePrimaryRegion({ KeyId, PrimaryRegion: OTHER_REGION })
  await kms.inRegion(THIRD_REGION).scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
  clock.advanceDays(7)
  const asking = Array.from({ length: 12 }, async (_, turns) => {
    for (let i = 0; i < turns * 3; i++) await Promise.resolve()
    return kms.describeKey({ KeyId: bystander })
  })
  await expect(Promise.all(asking)).resolves.toHaveLength(12)
  expect((await describeIn(kms, REGION, key)).MultiRegionConfiguration?.ReplicaKeys).toHaveLength(1)
})
