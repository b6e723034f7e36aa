/** The service that is compared with the model: a KMS, its clock, and the names behind the model's numbers. */
import type { Kms } from 'softkms'
import { KmsError } from 'softkms'
import { expect } from 'vitest'
import type { VirtualClock } from '../support/virtual-clock.ts'
import type { Reference, ServiceModel } from './service-model.ts'

export class RealService {
  readonly kms: Kms
  readonly clock: VirtualClock
  readonly keys: { readonly keyId: string; readonly arn: string }[] = []
  readonly blobs: Uint8Array[] = []
  /** How often each command has run. */
  readonly executed: Map<string, number>
  /** What the model's numbers of plaintexts stand for, as far as it has been seen. */
  readonly plaintexts = new Map<number, Uint8Array>()
  /** The KeyMaterialId of each version of each key, as far as it has been seen. */
  readonly #materialIds = new Map<string, string>()

  constructor(kms: Kms, clock: VirtualClock, executed: Map<string, number>) {
    this.kms = kms
    this.clock = clock
    this.executed = executed
  }

  keyId(key: number): string {
    return this.keys[key]?.keyId ?? ''
  }

  arn(key: number): string {
    return this.keys[key]?.arn ?? ''
  }

  /** Names a key by alias, or in turn by id and by ARN. */
  name(reference: Reference): string {
    if ('alias' in reference) return reference.alias
    return reference.key % 2 === 0 ? this.keyId(reference.key) : this.arn(reference.key)
  }

  /** A ciphertext opens to the same plaintext, always and through every ReEncrypt. */
  expectPlaintext(number: number, plaintext: Uint8Array | undefined): void {
    const known = this.plaintexts.get(number) ?? plaintext ?? new Uint8Array(0)
    this.plaintexts.set(number, known)
    expect(plaintext).toEqual(known)
  }

  /** Each version has one id for ever, and no two have the same. */
  expectMaterialId(key: number, version: number, materialId: string | undefined): void {
    const place = `${key}/${version}`
    const known = this.#materialIds.get(place)
    if (known === undefined) {
      expect([...this.#materialIds.values()]).not.toContain(materialId)
      this.#materialIds.set(place, materialId ?? '')
    } else {
      expect(materialId).toBe(known)
    }
  }
}

/** Expects a request to be answered as the model says. @returns the answer, `undefined` for a refusal */
export async function expectAnswer<Answer>(
  attempt: Promise<Answer>,
  refusal: string | undefined,
): Promise<Answer | undefined> {
  try {
    const answer = await attempt
    expect('success').toBe(refusal ?? 'success')
    return answer
  } catch (error) {
    if (!(error instanceof KmsError)) throw error
    expect(error.code).toBe(refusal ?? 'success')
    return undefined
  }
}

/** Compares everything that can be seen: every key, alias, tag, version and ciphertext. */
export async function expectAgreement(model: ServiceModel, real: RealService): Promise<void> {
  const { kms } = real
  const { Keys = [] } = await kms.listKeys({ Limit: 1000 })
  const living = model.keys.flatMap(({ state }, key) => (state === 'Gone' ? [] : [real.keyId(key)]))
  expect(Keys.map(({ KeyId }) => KeyId)).toEqual(living.toSorted())

  const { Aliases = [] } = await kms.listAliases({ Limit: 100 })
  const targets = Array.from(model.aliases, ([alias, key]) => [alias, real.keyId(key)] as const)
  expect(new Map(Aliases.map(({ AliasName, TargetKeyId }) => [AliasName, TargetKeyId]))).toEqual(new Map(targets))

  for (const number of model.keys.keys()) await expectKey(model, real, number)
  for (const number of model.blobs.keys()) await expectBlob(model, real, number)
}

async function expectKey(model: ServiceModel, real: RealService, number: number): Promise<void> {
  const key = model.keys[number]
  const KeyId = real.keyId(number)
  if (key === undefined) return
  if (key.state === 'Gone') {
    await expectAnswer(real.kms.describeKey({ KeyId }), 'NotFoundException')
    return
  }
  const { KeyMetadata } = await real.kms.describeKey({ KeyId })
  expect(KeyMetadata).toMatchObject({
    KeyState: key.state,
    Enabled: key.state === 'Enabled',
    Description: key.description,
  })
  expect(KeyMetadata?.DeletionDate?.getTime()).toBe(key.state === 'PendingDeletion' ? key.deletionDate : undefined)
  real.expectMaterialId(number, key.versions.length - 1, KeyMetadata?.CurrentKeyMaterialId)

  const { Rotations = [] } = await real.kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })
  expect(Rotations.map(({ RotationType, RotationDate }) => [RotationType, RotationDate?.getTime()])).toEqual(
    key.versions.map(({ rotation }) => [rotation?.type, rotation?.date]),
  )
  for (const [version, { KeyMaterialId }] of Rotations.entries()) real.expectMaterialId(number, version, KeyMaterialId)

  const status = await real.kms.getKeyRotationStatus({ KeyId })
  const isScheduled = key.schedule !== undefined && key.state !== 'PendingDeletion'
  expect(status.KeyRotationEnabled).toBe(isScheduled)
  expect(status.NextRotationDate?.getTime()).toBe(isScheduled ? key.schedule?.next : undefined)

  const { Tags = [] } = await real.kms.listResourceTags({ KeyId })
  expect(new Map(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]))).toEqual(key.tags)
}

async function expectBlob(model: ServiceModel, real: RealService, number: number): Promise<void> {
  const blob = model.blobs[number]
  if (blob === undefined) return
  const CiphertextBlob = real.blobs[number]
  const refusal = model.open(blob, blob.context)
  const EncryptionContext = contextOf(blob.context)
  const answer = await expectAnswer(real.kms.decrypt({ CiphertextBlob, EncryptionContext }), refusal)
  if (answer === undefined) return
  expect(answer.KeyId).toBe(real.arn(blob.key))
  real.expectPlaintext(blob.plaintext, answer.Plaintext)
  real.expectMaterialId(blob.key, blob.version, answer.KeyMaterialId)
}

export function contextOf(context: string): Record<string, string> {
  return context === '' ? {} : { context }
}
