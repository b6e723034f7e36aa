/**
 * Ten years in one step are the same ten years as in many: whatever falls due happens at its time and in its order.
 *
 * @covers KMS key-states, "Deletion" and "Rotation vs. state"; crypto-details §8 to §10
 */
import { createHsm } from '@softkms/hsm'
import { DAY_MS } from '@softkms/lifecycle'
import * as fc from 'fast-check'
import type { Kms } from 'softkms'
import { expect, test } from 'vitest'
import { OTHER_REGION, refusalOf, startKms } from '../support/kms-fixture.ts'
import { createRepeatedRsaProvider } from '../support/repeated-rsa.ts'
import { runs } from '../support/runs.ts'
import type { VirtualClock } from '../support/virtual-clock.ts'
import { wrapMaterial } from '../support/wrap-material.ts'

const TEN_YEARS = 3653 * DAY_MS
const days = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max })

/** What shall happen to one key of each kind, all of it begun at about the same time. */
const plan = fc.record({
  replicationMs: fc.constantFrom(0, 1, 3_600_000, 10 * DAY_MS),
  rotating: days(90, 2560),
  /** A multi-Region key that rotates while its replica goes, and after. */
  shared: fc.record({ period: days(90, 400), replicaWindow: days(7, 30), wait: days(0, 400) }),
  /** A multi-Region key that goes when its replica has gone. */
  dying: fc.record({ replicaWindow: days(7, 30), primaryWindow: days(7, 30), period: days(90, 400) }),
  /** Imported material expires here and there at different times. */
  expiring: fc.record({ here: days(1, 365), there: days(1, 365), window: fc.option(days(7, 30)) }),
})
type Plan = typeof plan extends fc.Arbitrary<infer Value> ? Value : never

/** A key as it is seen in two Regions, or with what it is not to be seen. */
interface Sight {
  readonly here: string | { readonly state: string | undefined; readonly [what: string]: unknown }
  readonly there: Sight['here']
}

const steps = fc.array(fc.oneof(days(1, 60), days(1, 900)), { minLength: 1, maxLength: 100, size: 'max' })

const hsm = createHsm({ provider: createRepeatedRsaProvider() })

test('one step of ten years ends where many small ones end, with the same rotations on the way', async () => {
  await fc.assert(
    fc.asyncProperty(plan, steps, async (planned, small) => {
      const [atOnce, slowly] = await Promise.all([live(planned, []), live(planned, small)])
      expect(atOnce).toEqual(slowly)
    }),
    { numRuns: runs(30, 500) },
  )
})

/** Lives through ten years with a request after each step. @returns everything that can be seen at the end */
async function live(planned: Plan, small: readonly number[]): Promise<readonly Sight[]> {
  const { kms, clock } = await startKms({ hsm, replicationMs: planned.replicationMs })
  const end = clock.now() + TEN_YEARS
  const keys = await begin(kms, clock, planned)
  for (const step of small) {
    clock.advanceTo(Math.min(end, clock.now() + step * DAY_MS))
    await kms.listKeys()
  }
  clock.advanceTo(end)
  const there = kms.inRegion(OTHER_REGION)
  return Promise.all(keys.map(async (key) => ({ here: await lookAt(kms, key), there: await lookAt(there, key) })))
}

async function begin(kms: Kms, clock: VirtualClock, planned: Plan): Promise<string[]> {
  const there = kms.inRegion(OTHER_REGION)
  const { rotating, shared, dying, expiring } = planned

  const plain = await create(kms, {})
  await kms.enableKeyRotation({ KeyId: plain, RotationPeriodInDays: rotating })

  const multi = await create(kms, { MultiRegion: true })
  await kms.replicateKey({ KeyId: multi, ReplicaRegion: OTHER_REGION })
  await kms.enableKeyRotation({ KeyId: multi, RotationPeriodInDays: shared.period })

  const gone = await create(kms, { MultiRegion: true })
  await kms.replicateKey({ KeyId: gone, ReplicaRegion: OTHER_REGION })
  await kms.enableKeyRotation({ KeyId: gone, RotationPeriodInDays: dying.period })
  await kms.scheduleKeyDeletion({ KeyId: gone, PendingWindowInDays: dying.primaryWindow })
  await there.scheduleKeyDeletion({ KeyId: gone, PendingWindowInDays: dying.replicaWindow })

  const imported = await create(kms, { MultiRegion: true, Origin: 'EXTERNAL' })
  await importInto(kms, imported, clock.now() + expiring.here * DAY_MS)
  await kms.replicateKey({ KeyId: imported, ReplicaRegion: OTHER_REGION })
  // A replica takes material once it has been created.
  clock.advance(planned.replicationMs)
  await importInto(there, imported, clock.now() + expiring.there * DAY_MS)
  if (expiring.window !== null) {
    await there.scheduleKeyDeletion({ KeyId: imported, PendingWindowInDays: expiring.window })
  }

  clock.advanceDays(shared.wait)
  await there.scheduleKeyDeletion({ KeyId: multi, PendingWindowInDays: shared.replicaWindow })
  return [plain, multi, gone, imported]
}

async function create(kms: Kms, kind: Parameters<Kms['createKey']>[0]): Promise<string> {
  return (await kms.createKey(kind)).KeyMetadata?.KeyId ?? ''
}

async function importInto(kms: Kms, KeyId: string, validTo: number): Promise<void> {
  const wrapped = await wrapMaterial(kms, KeyId, new Uint8Array(32).fill(7))
  const expiry = { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(validTo) } as const
  await kms.importKeyMaterial({ ...wrapped, ...expiry })
}

/** All but the names, which differ between two services. */
async function lookAt(kms: Kms, KeyId: string): Promise<Sight['here']> {
  const { Keys = [] } = await kms.listKeys({ Limit: 1000 })
  if (!Keys.some((key) => key.KeyId === KeyId)) return (await refusalOf(kms.describeKey({ KeyId }))).code
  const { KeyMetadata } = await kms.describeKey({ KeyId })
  const { Rotations = [] } = await kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })
  const hasStatus = KeyMetadata?.KeyState !== 'PendingImport'
  return {
    state: KeyMetadata?.KeyState,
    deletion: KeyMetadata?.DeletionDate,
    replicas: KeyMetadata?.MultiRegionConfiguration?.ReplicaKeys?.length,
    rotations: Rotations.flatMap(({ RotationDate }) => RotationDate?.getTime() ?? []),
    materials: Rotations.map((one) => [one.RotationType, one.KeyMaterialState, one.ImportState]),
    nextRotation: hasStatus ? (await kms.getKeyRotationStatus({ KeyId })).NextRotationDate : undefined,
  }
}

test('ten years at once: rotated every year, expired, and gone after the last replica', async () => {
  const period = 365
  const [plain, shared, dying, expiring] = await live(
    {
      replicationMs: 0,
      rotating: period,
      shared: { period, replicaWindow: 7, wait: 0 },
      dying: { period: 90, replicaWindow: 30, primaryWindow: 7 },
      expiring: { here: 1, there: 365, window: null },
    },
    [],
  )
  const rotations = Array.from({ length: 10 }, (_, year) => Date.UTC(2030, 0, 1) + (year + 1) * period * DAY_MS)
  expect(plain).toMatchObject({ here: { state: 'Enabled', rotations }, there: 'NotFoundException' })
  expect(shared).toMatchObject({ here: { state: 'Enabled', rotations, replicas: 0 }, there: 'NotFoundException' })
  expect(dying).toEqual({ here: 'NotFoundException', there: 'NotFoundException' })
  expect(expiring).toMatchObject({ here: { state: 'PendingImport' }, there: { state: 'PendingImport' } })
})

test('a thousand years at once: every rotation, and what was sealed before the first', async () => {
  const { kms, clock } = await startKms({ hsm })
  const there = kms.inRegion(OTHER_REGION)
  const KeyId = await create(kms, { MultiRegion: true })
  await kms.replicateKey({ KeyId, ReplicaRegion: OTHER_REGION })
  await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 365 })
  const Plaintext = new Uint8Array(1)
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext })
  const start = clock.now()
  clock.advanceDays(365 * 1000)
  for (const at of [kms, there]) {
    const { Rotations = [] } = await at.listKeyRotations({ KeyId, Limit: 1000 })
    expect(Rotations.map(({ RotationDate }) => RotationDate?.getTime())).toEqual(
      Array.from({ length: 1000 }, (_, year) => start + (year + 1) * 365 * DAY_MS),
    )
    await expect(at.decrypt({ CiphertextBlob })).resolves.toMatchObject({ Plaintext })
  }
})
