/** What random callers do to the life of keys, in random Regions, while the time leaps on. */
import { DAY_MS } from '@softkms/lifecycle'
import * as fc from 'fast-check'
import type { Kms } from 'softkms'
import { expect } from 'vitest'
import { type LifecycleService, type SealedBlob, expectAgreement } from './lifecycle-service.ts'
import type { Key } from './lifecycle-key.ts'
import type { LifecycleModel, Spot } from './lifecycle-model.ts'

export type LifecycleCommand = fc.AsyncCommand<LifecycleModel, LifecycleService>

type Run = (model: LifecycleModel, real: LifecycleService) => Promise<void>

const MOST_KEYS = 3
const number = fc.nat({ max: 11 })
/** One of the keys that there are, in one of the Regions: its primary's as often as in any. */
const anywhere = fc.record({ key: number, at: fc.option(number, { freq: 2 }) })
interface Anywhere {
  readonly key: number
  readonly at: number | null
}

function step(title: string, run: Run, check = (model: Readonly<LifecycleModel>) => model.keys.length > 0) {
  return {
    check,
    async run(model: LifecycleModel, real: LifecycleService) {
      for (const { places, pending } of model.keys) {
        for (const { state } of places.values()) real.count(state)
        if (pending !== undefined)
          real.count(pending.rotation === undefined ? 'material pending' : 'rotation in progress')
      }
      await run(model, real)
    },
    toString: () => title,
  }
}

function spotOf(model: LifecycleModel, real: LifecycleService, { key, at }: Anywhere): Spot {
  const found = model.keys[key % model.keys.length]
  if (found === undefined) throw new Error('the model has no keys')
  return { key: found, at: at === null ? found.primary : regionOf(real, at) }
}

function regionOf({ regions }: LifecycleService, at: number): string {
  return regions[at % regions.length] ?? ''
}

/** A command on one key in one Region. */
function onKey(
  title: string,
  ask: (kms: Kms, KeyId: string) => Promise<object>,
  expected: (model: LifecycleModel, spot: Spot) => string | undefined,
): fc.Arbitrary<LifecycleCommand> {
  const [operation = title] = title.split(' ')
  return anywhere.map((random) =>
    step(`${title} (${random.key} in ${random.at})`, async (model, real) => {
      const spot = spotOf(model, real, random)
      await real.expect(operation, ask(real.in(spot.at), real.keyId(spot.key)), expected(model, spot))
    }),
  )
}

/** A command on one key in one Region that names another one: one that makes sense as often as any. */
function onKeyAndRegion(
  operation: string,
  likely: (spot: Spot, region: string) => boolean,
  ask: (kms: Kms, KeyId: string, region: string) => Promise<object>,
  expected: (model: LifecycleModel, spot: Spot, region: string) => string | undefined,
): fc.Arbitrary<LifecycleCommand> {
  return fc.tuple(anywhere, fc.option(number, { freq: 2 })).map(([random, to]) =>
    step(`${operation} (${random.key} in ${random.at}, ${to})`, async (model, real) => {
      const spot = spotOf(model, real, random)
      const chosen = to === null ? real.regions.find((region) => likely(spot, region)) : undefined
      const region = chosen ?? regionOf(real, to ?? 0)
      await real.expect(operation, ask(real.in(spot.at), real.keyId(spot.key), region), expected(model, spot, region))
    }),
  )
}

const createKey = fc
  .record({ at: number, isImported: fc.boolean(), isMultiRegion: fc.constantFrom(true, true, false) })
  .map((kind) =>
    step(
      `CreateKey(${JSON.stringify(kind)})`,
      async (model, real) => {
        const at = regionOf(real, kind.at)
        model.createKey(at, kind.isImported, kind.isMultiRegion)
        const Origin = kind.isImported ? 'EXTERNAL' : 'AWS_KMS'
        const { KeyMetadata } = await real.in(at).createKey({ Origin, MultiRegion: kind.isMultiRegion })
        const key = model.keys.at(-1)
        real.count('CreateKey')
        if (key !== undefined) real.keyIds.set(key, KeyMetadata?.KeyId ?? '')
      },
      (model) => model.keys.length < MOST_KEYS,
    ),
  )

const enableKey = onKey(
  'EnableKey',
  (kms, KeyId) => kms.enableKey({ KeyId }),
  (model, spot) => model.enable(spot),
)
const disableKey = onKey(
  'DisableKey',
  (kms, KeyId) => kms.disableKey({ KeyId }),
  (model, spot) => model.disable(spot),
)
const scheduleKeyDeletion = fc.constantFrom(7, 30).chain((days) =>
  onKey(
    `ScheduleKeyDeletion in ${days} days`,
    (kms, KeyId) => kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: days }),
    (model, spot) => model.scheduleDeletion(spot, days),
  ),
)
const cancelKeyDeletion = onKey(
  'CancelKeyDeletion',
  (kms, KeyId) => kms.cancelKeyDeletion({ KeyId }),
  (model, spot) => model.cancelDeletion(spot),
)
const enableKeyRotation = fc.constantFrom(90, 365).chain((days) =>
  onKey(
    `EnableKeyRotation every ${days} days`,
    (kms, KeyId) => kms.enableKeyRotation({ KeyId, RotationPeriodInDays: days }),
    (model, spot) => model.setSchedule(spot, days),
  ),
)
const disableKeyRotation = onKey(
  'DisableKeyRotation',
  (kms, KeyId) => kms.disableKeyRotation({ KeyId }),
  (model, spot) => model.setSchedule(spot),
)
const replicateKey = onKeyAndRegion(
  'ReplicateKey',
  ({ key }, region) => !key.places.has(region),
  (kms, KeyId, ReplicaRegion) => kms.replicateKey({ KeyId, ReplicaRegion }),
  (model, spot, region) => model.replicate(spot, region),
)
const updatePrimaryRegion = onKeyAndRegion(
  'UpdatePrimaryRegion',
  ({ key, at }, region) => region !== at && key.places.has(region),
  (kms, KeyId, PrimaryRegion) => kms.updatePrimaryRegion({ KeyId, PrimaryRegion }),
  (model, spot, region) => model.updatePrimary(spot, region),
)

/** Several at once, so that the limit of 25 is met now and then. */
const rotateKeyOnDemand = fc.tuple(anywhere, fc.constantFrom(1, 1, 1, 1, 1, 1, 26)).map(([random, times]) =>
  step(`RotateKeyOnDemand(${random.key} in ${random.at}) ${times} times`, async (model, real) => {
    const spot = spotOf(model, real, random)
    for (let i = 0; i < times; i++) {
      const asking = real.in(spot.at).rotateKeyOnDemand({ KeyId: real.keyId(spot.key) })
      await real.expect('RotateKeyOnDemand', asking, model.rotate(spot))
    }
  }),
)

const getParametersForImport = anywhere.map((random) =>
  step(`GetParametersForImport(${random.key} in ${random.at})`, async (model, real) => {
    const spot = spotOf(model, real, random)
    await real.getParameters(spot, model.getParameters(spot))
  }),
)

interface Import {
  readonly material: number
  readonly isNew: boolean | undefined
  readonly days: number | undefined
}

async function importInto(model: LifecycleModel, real: LifecycleService, spot: Spot, given: Import): Promise<void> {
  const { isNew, days } = given
  if (!real.hasToken(spot)) await real.getParameters(spot, model.getParameters(spot))
  const isUpdating = spot.key.places.get(spot.at)?.state === 'Updating'
  // Without a token an import that the state allows gets no further.
  const refusal =
    isUpdating && spot.key.isImported && !real.hasToken(spot)
      ? 'InvalidImportTokenException'
      : model.import(spot, given.material, days === undefined ? Infinity : model.now + days * DAY_MS, isNew)
  const asking = real.in(spot.at).importKeyMaterial({
    KeyId: real.keyId(spot.key),
    ...real.wrapMaterial(spot, given.material),
    ...(isNew === undefined ? {} : { ImportType: isNew ? 'NEW_KEY_MATERIAL' : 'EXISTING_KEY_MATERIAL' }),
    ...(days === undefined
      ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
      : { ValidTo: new Date(model.now + days * DAY_MS) }),
  })
  const answer = await real.expect('ImportKeyMaterial', asking, refusal)
  if (answer !== undefined) real.expectMaterialId(spot.key, given.material, answer.KeyMaterialId)
}

function materialsOf({ versions, pending }: Key): number[] {
  return [...versions, ...(pending === undefined ? [] : [pending])].map((version) => version.material)
}

const material = fc.nat({ max: 3 })
const days = fc.constantFrom(undefined, undefined, undefined, 1, 45, 300)

const importKeyMaterial = fc
  .tuple(anywhere, fc.record({ material, isNew: fc.constantFrom(undefined, true, false), days }))
  .map(([random, given]) =>
    step(`ImportKeyMaterial(${random.key} in ${random.at}, ${JSON.stringify(given)})`, (model, real) =>
      importInto(model, real, spotOf(model, real, random), given),
    ),
  )

/** What somebody does who knows the key: brings every Region what it lacks, and now and then something new. */
const importEverywhere = fc
  .record({ key: number, isNew: fc.boolean(), days })
  .map(({ key: random, isNew, days: given }) =>
    step(`import everywhere (${random}, new: ${isNew}, ${given} days)`, async (model, real) => {
      const { key, at: primary } = spotOf(model, real, { key: random, at: null })
      const fresh = Math.max(-1, ...materialsOf(key)) + 1
      if (isNew) await importInto(model, real, { key, at: primary }, { material: fresh, isNew, days: given })
      for (const [at, { held }] of key.places) {
        for (const known of materialsOf(key).filter((one) => !held.has(one))) {
          await importInto(model, real, { key, at }, { material: known, isNew: false, days: given })
        }
      }
    }),
  )

const deleteImportedKeyMaterial = fc.tuple(anywhere, fc.option(material, { nil: undefined })).map(([random, which]) =>
  step(`DeleteImportedKeyMaterial(${random.key} in ${random.at}, ${which})`, async (model, real) => {
    const spot = spotOf(model, real, random)
    const KeyMaterialId = which === undefined ? undefined : (real.materialId(spot.key, which) ?? 'f'.repeat(64))
    const asking = real.in(spot.at).deleteImportedKeyMaterial({ KeyId: real.keyId(spot.key), KeyMaterialId })
    await real.expect('DeleteImportedKeyMaterial', asking, model.deleteMaterial(spot, which))
  }),
)

const sealing = fc
  .constantFrom('Encrypt', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext')
  .chain((name) =>
    anywhere.map((random) =>
      step(`${name}(${random.key} in ${random.at})`, async (model, real) => {
        const { key, at } = spotOf(model, real, random)
        const kms = real.in(at)
        const KeyId = real.keyId(key)
        const Plaintext = new TextEncoder().encode(`plaintext ${real.blobs.length}`)
        const ask = {
          Encrypt: () => kms.encrypt({ KeyId, Plaintext }),
          GenerateDataKey: () => kms.generateDataKey({ KeyId, NumberOfBytes: 24 }),
          GenerateDataKeyWithoutPlaintext: () => kms.generateDataKeyWithoutPlaintext({ KeyId, NumberOfBytes: 24 }),
        }[name]
        const answer: { CiphertextBlob?: Uint8Array | undefined; Plaintext?: Uint8Array | undefined } | undefined =
          await real.expect(name, ask(), model.use({ key, at }))
        if (answer?.CiphertextBlob === undefined) return
        const ciphertext = answer.CiphertextBlob
        const opened = answer.Plaintext ?? (name === 'Encrypt' ? Plaintext : undefined)
        const plaintext = opened ?? (await kms.decrypt({ CiphertextBlob: ciphertext })).Plaintext ?? new Uint8Array(0)
        real.blobs.push({ key, material: key.versions.at(-1)?.material ?? -1, plaintext, ciphertext })
      }),
    ),
  )

const withBlobs =
  (run: (blob: SealedBlob, model: LifecycleModel, real: LifecycleService) => Promise<void>, at: number): Run =>
  async (model, real) => {
    const blob = real.blobs[at % real.blobs.length]
    if (blob !== undefined) await run(blob, model, real)
  }

const decrypt = fc.record({ blob: number, at: number }).map((random) =>
  step(
    `Decrypt(${random.blob} in ${random.at})`,
    withBlobs(async (blob, model, real) => {
      const at = regionOf(real, random.at)
      const asking = real.in(at).decrypt({ CiphertextBlob: blob.ciphertext })
      const answer = await real.expect('Decrypt', asking, model.open({ key: blob.key, at }))
      if (answer === undefined) return
      expect(answer.Plaintext).toEqual(blob.plaintext)
      real.expectMaterialId(blob.key, blob.material, answer.KeyMaterialId)
    }, random.blob),
  ),
)

const reEncrypt = fc.tuple(number, anywhere).map(([from, random]) =>
  step(
    `ReEncrypt(${from}, ${random.key} in ${random.at})`,
    withBlobs(async (blob, model, real) => {
      const { key, at } = spotOf(model, real, random)
      const asking = real.in(at).reEncrypt({ CiphertextBlob: blob.ciphertext, DestinationKeyId: real.keyId(key) })
      const isDestinationGone = blob.key.places.has(at) && !key.places.has(at)
      const refusal = isDestinationGone
        ? 'NotFoundException'
        : (model.open({ key: blob.key, at }) ?? model.use({ key, at }))
      const answer = await real.expect('ReEncrypt', asking, refusal)
      if (answer?.CiphertextBlob === undefined) return
      real.blobs.push({
        ...blob,
        key,
        material: key.versions.at(-1)?.material ?? -1,
        ciphertext: answer.CiphertextBlob,
      })
    }, from),
  ),
)

/** How far the clock leaps: so many milliseconds, or to what happens next by itself, or to just before that. */
const leap = fc.constantFrom<number | 'next' | 'before'>(
  ...(['next', 'next', 'next', 'before'] as const),
  ...[1, 5000, 3_600_000, DAY_MS + 7, 7 * DAY_MS, 40 * DAY_MS + 3, 100 * DAY_MS + 1, 1100 * DAY_MS],
)
const advance = leap.map((ms) =>
  step(`advance ${ms}`, async (model, real) => {
    const next = model.nextEvent()
    const to = ms === 'next' ? next : ms === 'before' ? next - 1 : model.now + ms
    if (!Number.isFinite(to) || to < model.now) return
    model.advanceTo(to)
    real.clock.advanceTo(to)
  }),
)

const compare = fc.constant(step('compare everything', expectAgreement))

export const LIFECYCLE_COMMANDS: fc.Arbitrary<LifecycleCommand>[] = [
  ...[createKey, createKey],
  ...[enableKey, enableKey, enableKey],
  disableKey,
  scheduleKeyDeletion,
  ...[cancelKeyDeletion, cancelKeyDeletion],
  ...[enableKeyRotation, enableKeyRotation],
  disableKeyRotation,
  ...[rotateKeyOnDemand, rotateKeyOnDemand],
  getParametersForImport,
  ...[importKeyMaterial, importKeyMaterial],
  ...[importEverywhere, importEverywhere, importEverywhere],
  ...[deleteImportedKeyMaterial],
  ...[replicateKey, replicateKey, replicateKey, replicateKey],
  ...[updatePrimaryRegion, updatePrimaryRegion, updatePrimaryRegion],
  ...[sealing, sealing],
  ...[decrypt, decrypt],
  reEncrypt,
  ...[advance, advance, advance, advance],
  compare,
]
