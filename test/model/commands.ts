/**
 * What random callers do: one command for each operation, made of numbers that fit whatever there is when it runs.
 */
import { DAY_MS } from '@softkms/lifecycle'
import * as fc from 'fast-check'
import { expect } from 'vitest'
import { type RealService, contextOf, expectAgreement, expectAnswer } from './real-service.ts'
import type { ModelBlob, Reference, ServiceModel } from './service-model.ts'

export type Command = fc.AsyncCommand<ServiceModel, RealService>

type Run = (model: ServiceModel, real: RealService) => Promise<void>

const LIVING = ['Enabled', 'Disabled'] as const
const ALIASES = ['alias/a', 'alias/b', 'alias/c'] as const

const number = fc.nat({ max: 30 })
const alias = fc.constantFrom(...ALIASES)
const context = fc.constantFrom('', '', 'a')
const reference = fc.oneof(
  { arbitrary: number.map((key): Reference => ({ key })), weight: 3 },
  { arbitrary: alias.map((name): Reference => ({ alias: name })), weight: 1 },
)

function step(title: string, run: Run, check = (model: Readonly<ServiceModel>) => model.keys.length > 0): Command {
  const [name = title] = /^\w+/u.exec(title) ?? []
  return {
    check,
    async run(model, real) {
      real.executed.set(name, (real.executed.get(name) ?? 0) + 1)
      await run(model, real)
    },
    toString: () => title,
  }
}

const hasBlobs = (model: Readonly<ServiceModel>): boolean => model.blobs.length > 0

/** Which key a random number means. */
const keyAt = (model: ServiceModel, at: number): number => at % model.keys.length

function blobAt(model: ServiceModel, at: number): readonly [blob: ModelBlob, place: number] {
  const place = at % model.blobs.length
  return [model.blobs[place] ?? { key: 0, version: 0, plaintext: 0, context: '' }, place]
}

function referTo(model: ServiceModel, random: Reference): Reference {
  return 'key' in random ? { key: keyAt(model, random.key) } : random
}

/** A command on one key that is answered with nothing or the key. */
function onKey(
  name: string,
  ask: (real: RealService, key: string) => Promise<object>,
  expected: (model: ServiceModel, key: number) => string | undefined,
): fc.Arbitrary<Command> {
  return number.map((at) =>
    step(`${name}(${at})`, async (model, real) => {
      const key = keyAt(model, at)
      await expectAnswer(ask(real, real.name({ key })), expected(model, key))
    }),
  )
}

const createKey = fc.constant(
  step(
    'CreateKey()',
    async (model, real) => {
      model.createKey()
      const { KeyMetadata } = await real.kms.createKey()
      real.keys.push({ keyId: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' })
      real.expectMaterialId(model.keys.length - 1, 0, KeyMetadata?.CurrentKeyMaterialId)
    },
    (model) => model.keys.length < 6,
  ),
)

const describeKey = reference.map((random) =>
  step(`DescribeKey(${JSON.stringify(random)})`, async (model, real) => {
    const meant = referTo(model, random)
    const key = model.find(meant)
    const refusal = key === undefined ? 'NotFoundException' : undefined
    const answer = await expectAnswer(real.kms.describeKey({ KeyId: real.name(meant) }), refusal)
    if (key !== undefined) expect(answer?.KeyMetadata?.KeyState).toBe(model.keys[key]?.state)
  }),
)

const enableKey = onKey(
  'EnableKey',
  ({ kms }, KeyId) => kms.enableKey({ KeyId }),
  (model, key) => model.setState(key, 'Enabled'),
)
const disableKey = onKey(
  'DisableKey',
  ({ kms }, KeyId) => kms.disableKey({ KeyId }),
  (model, key) => model.setState(key, 'Disabled'),
)
const cancelKeyDeletion = onKey(
  'CancelKeyDeletion',
  ({ kms }, KeyId) => kms.cancelKeyDeletion({ KeyId }),
  (model, key) => model.cancelDeletion(key),
)
const disableKeyRotation = onKey(
  'DisableKeyRotation',
  ({ kms }, KeyId) => kms.disableKeyRotation({ KeyId }),
  (model, key) => model.setSchedule(key, undefined),
)
const scheduleKeyDeletion = fc.constantFrom(7, 30).chain((days) =>
  onKey(
    `ScheduleKeyDeletion in ${days} days`,
    ({ kms }, KeyId) => kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: days }),
    (model, key) => model.scheduleDeletion(key, days),
  ),
)
const enableKeyRotation = fc.constantFrom(90, 100, 365).chain((days) =>
  onKey(
    `EnableKeyRotation every ${days} days`,
    ({ kms }, KeyId) => kms.enableKeyRotation({ KeyId, RotationPeriodInDays: days }),
    (model, key) => model.setSchedule(key, days),
  ),
)

const tag = fc.constantFrom('x', 'y', 'z')

const tagResource = fc.tuple(tag, tag).chain(([TagKey, TagValue]) =>
  onKey(
    `TagResource ${TagKey}=${TagValue}`,
    ({ kms }, KeyId) => kms.tagResource({ KeyId, Tags: [{ TagKey, TagValue }] }),
    (model, key) => model.change(key, LIVING, ({ tags }) => tags.set(TagKey, TagValue)),
  ),
)
const untagResource = tag.chain((TagKey) =>
  onKey(
    `UntagResource ${TagKey}`,
    ({ kms }, KeyId) => kms.untagResource({ KeyId, TagKeys: [TagKey] }),
    (model, key) => model.change(key, LIVING, ({ tags }) => tags.delete(TagKey)),
  ),
)
const updateKeyDescription = tag.chain((Description) =>
  onKey(
    `UpdateKeyDescription ${Description}`,
    ({ kms }, KeyId) => kms.updateKeyDescription({ KeyId, Description }),
    (model, key) =>
      model.change(key, LIVING, (found) => {
        found.description = Description
      }),
  ),
)

/** Several at once, so that the limit of 25 is met now and then. */
const rotateKeyOnDemand = fc.record({ at: number, times: fc.constantFrom(1, 1, 1, 1, 1, 26) }).map(({ at, times }) =>
  step(`RotateKeyOnDemand(${at}) ${times} times`, async (model, real) => {
    const key = keyAt(model, at)
    for (let i = 0; i < times; i++) {
      await expectAnswer(real.kms.rotateKeyOnDemand({ KeyId: real.keyId(key) }), model.rotate(key))
    }
  }),
)

const createAlias = fc.tuple(alias, number).map(([AliasName, at]) =>
  step(`CreateAlias(${AliasName}, ${at})`, async (model, real) => {
    const key = keyAt(model, at)
    const asking = real.kms.createAlias({ AliasName, TargetKeyId: real.name({ key }) })
    await expectAnswer(asking, model.createAlias(AliasName, key))
  }),
)
const updateAlias = fc.tuple(alias, number).map(([AliasName, at]) =>
  step(`UpdateAlias(${AliasName}, ${at})`, async (model, real) => {
    const key = keyAt(model, at)
    const asking = real.kms.updateAlias({ AliasName, TargetKeyId: real.name({ key }) })
    await expectAnswer(asking, model.updateAlias(AliasName, key))
  }),
)
const deleteAlias = alias.map((AliasName) =>
  step(`DeleteAlias(${AliasName})`, async (model, real) => {
    await expectAnswer(real.kms.deleteAlias({ AliasName }), model.deleteAlias(AliasName))
  }),
)

/** What Encrypt and the data keys have in common: with success there is one more blob. */
async function expectSealed(
  model: ServiceModel,
  real: RealService,
  refusal: string | undefined,
  asking: Promise<{
    CiphertextBlob?: Uint8Array | undefined
    Plaintext?: Uint8Array | undefined
    KeyId?: string | undefined
  }>,
): Promise<void> {
  const answer = await expectAnswer(asking, refusal)
  if (answer?.CiphertextBlob === undefined) return
  const blob = model.blobs[real.blobs.length]
  real.blobs.push(answer.CiphertextBlob)
  if (blob === undefined) throw new Error('the model has no such blob')
  expect(answer.KeyId).toBe(real.arn(blob.key))
  if (answer.Plaintext !== undefined) real.expectPlaintext(blob.plaintext, answer.Plaintext)
}

const encrypt = fc.tuple(reference, context).map(([random, given]) =>
  step(`Encrypt(${JSON.stringify(random)}, '${given}')`, async (model, real) => {
    const meant = referTo(model, random)
    const plaintext = model.blobs.length
    const Plaintext = new TextEncoder().encode(`plaintext ${plaintext}`)
    const refusal = model.seal(meant, plaintext, given)
    if (refusal === undefined) real.plaintexts.set(plaintext, Plaintext)
    const request = { KeyId: real.name(meant), Plaintext, EncryptionContext: contextOf(given) }
    await expectSealed(model, real, refusal, real.kms.encrypt(request))
  }),
)

const generateDataKey = fc.tuple(reference, context, fc.boolean()).map(([random, given, isPlaintextWanted]) =>
  step(
    `GenerateDataKey${isPlaintextWanted ? '' : 'WithoutPlaintext'}(${JSON.stringify(random)})`,
    async (model, real) => {
      const meant = referTo(model, random)
      const request = { KeyId: real.name(meant), NumberOfBytes: 24, EncryptionContext: contextOf(given) }
      const refusal = model.seal(meant, model.blobs.length, given)
      const asking = isPlaintextWanted
        ? real.kms.generateDataKey(request)
        : real.kms.generateDataKeyWithoutPlaintext(request)
      await expectSealed(model, real, refusal, asking)
    },
  ),
)

const decrypt = fc.tuple(number, context, fc.option(reference, { nil: undefined })).map(([at, given, random]) =>
  step(
    `Decrypt(${at}, '${given}', ${JSON.stringify(random)})`,
    async (model, real) => {
      const [blob, place] = blobAt(model, at)
      const named = random && referTo(model, random)
      const request = {
        CiphertextBlob: real.blobs[place],
        EncryptionContext: contextOf(given),
        KeyId: named && real.name(named),
      }
      const answer = await expectAnswer(real.kms.decrypt(request), model.open(blob, given, named))
      if (answer === undefined) return
      real.expectPlaintext(blob.plaintext, answer.Plaintext)
      real.expectMaterialId(blob.key, blob.version, answer.KeyMaterialId)
    },
    hasBlobs,
  ),
)

const reEncrypt = fc.tuple(number, reference, context).map(([at, random, given]) =>
  step(
    `ReEncrypt(${at}, ${JSON.stringify(random)}, '${given}')`,
    async (model, real) => {
      const [blob, place] = blobAt(model, at)
      const meant = referTo(model, random)
      const refusal = model.reseal(blob, meant, given)
      const asking = real.kms.reEncrypt({
        CiphertextBlob: real.blobs[place],
        SourceEncryptionContext: contextOf(blob.context),
        DestinationKeyId: real.name(meant),
        DestinationEncryptionContext: contextOf(given),
      })
      await expectSealed(model, real, refusal, asking)
    },
    hasBlobs,
  ),
)

const advance = fc
  .constantFrom(1, DAY_MS, 7 * DAY_MS - 1, 7 * DAY_MS, 30 * DAY_MS, 90 * DAY_MS, 400 * DAY_MS)
  .map((ms) =>
    step(`advance ${ms / DAY_MS} days`, async (model, real) => {
      model.advance(ms)
      real.clock.advance(ms)
    }),
  )

/** Everything is compared now and then, so that a fault is found near to where it was made. */
const compare = fc.constant(step('compare everything', expectAgreement))

/** Some more often than others, so that there are keys, most of them are enabled, and much of what is sealed opens. */
export const COMMANDS: fc.Arbitrary<Command>[] = [
  ...[createKey, createKey],
  describeKey,
  ...[enableKey, enableKey, enableKey],
  disableKey,
  scheduleKeyDeletion,
  ...[cancelKeyDeletion, cancelKeyDeletion],
  updateKeyDescription,
  ...[encrypt, encrypt, encrypt],
  ...[decrypt, decrypt, decrypt],
  ...[reEncrypt, reEncrypt],
  generateDataKey,
  ...[createAlias, createAlias],
  updateAlias,
  deleteAlias,
  rotateKeyOnDemand,
  enableKeyRotation,
  disableKeyRotation,
  tagResource,
  untagResource,
  advance,
  compare,
]
