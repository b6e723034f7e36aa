/** The service that is compared with the model of the lifecycle: a KMS in several Regions, and what the numbers mean. */
import { constants, publicEncrypt } from 'node:crypto'
import { type Kms, KmsError } from 'softkms'
import { expect } from 'vitest'
import type { VirtualClock } from '../support/virtual-clock.ts'
import { type Key, isPendingEverywhere } from './lifecycle-key.ts'
import type { LifecycleModel, Spot } from './lifecycle-model.ts'

export interface SealedBlob {
  readonly key: Key
  readonly material: number
  readonly plaintext: Uint8Array
  readonly ciphertext: Uint8Array
}

interface ImportToken {
  readonly token: Uint8Array
  readonly publicKey: Uint8Array
  readonly validTo: number
}

export class LifecycleService {
  readonly clock: VirtualClock
  readonly regions: readonly string[]
  /** How often each operation was done and refused, and each situation met. */
  readonly seen: Map<string, number>
  readonly keyIds = new Map<Key, string>()
  readonly blobs: SealedBlob[] = []
  readonly #kms: Kms
  /** The KeyMaterialId of each material of each key, as far as it has been seen. */
  readonly #materialIds = new Map<string, string>()
  readonly #tokens = new Map<string, ImportToken>()

  constructor(kms: Kms, clock: VirtualClock, regions: readonly string[], seen: Map<string, number>) {
    this.#kms = kms
    this.clock = clock
    this.regions = regions
    this.seen = seen
  }

  in(region: string): Kms {
    return this.#kms.inRegion(region)
  }

  keyId(key: Key): string {
    return this.keyIds.get(key) ?? ''
  }

  /** `undefined` for material that has not been seen. */
  materialId(key: Key, material: number): string | undefined {
    return this.#materialIds.get(`${this.keyId(key)}/${material}`)
  }

  /** Each material has one id for ever, in every Region, and no two have the same. */
  expectMaterialId(key: Key, material: number, materialId: string | undefined): void {
    const known = this.materialId(key, material)
    if (known === undefined) {
      expect([...this.#materialIds.values()]).not.toContain(materialId)
      this.#materialIds.set(`${this.keyId(key)}/${material}`, materialId ?? '')
    } else {
      expect(materialId).toBe(known)
    }
  }

  count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1)
  }

  /** Expects an operation to be answered as the model says. @returns the answer, `undefined` for a refusal */
  async expect<Answer>(
    operation: string,
    attempt: Promise<Answer>,
    refusal: string | undefined,
  ): Promise<Answer | undefined> {
    this.count(refusal === undefined ? operation : `${operation} refused`)
    return expectAnswer(attempt, refusal)
  }

  async getParameters({ key, at }: Spot, refusal: string | undefined): Promise<void> {
    const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const
    const asking = this.in(at).getParametersForImport({ KeyId: this.keyId(key), ...wrapping })
    const { ImportToken, PublicKey, ParametersValidTo } =
      (await this.expect('GetParametersForImport', asking, refusal)) ?? {}
    if (ImportToken === undefined || PublicKey === undefined) return
    const validTo = ParametersValidTo?.getTime() ?? 0
    this.#tokens.set(`${this.keyId(key)} ${at}`, { token: ImportToken, publicKey: PublicKey, validTo })
  }

  hasToken({ key, at }: Spot): boolean {
    return (this.#tokens.get(`${this.keyId(key)} ${at}`)?.validTo ?? 0) > this.clock.now()
  }

  /** Material of a number, wrapped for the newest import token; bytes that are nothing when there is none. */
  wrapMaterial({ key, at }: Spot, material: number): { ImportToken: Uint8Array; EncryptedKeyMaterial: Uint8Array } {
    const parameters = this.#tokens.get(`${this.keyId(key)} ${at}`)
    if (!this.hasToken({ key, at }) || parameters === undefined) {
      return { ImportToken: new Uint8Array(64), EncryptedKeyMaterial: new Uint8Array(256) }
    }
    const { token, publicKey } = parameters
    const wrappingKey = { key: Buffer.from(publicKey), format: 'der', type: 'spki' } as const
    const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
    const wrapped = publicEncrypt({ ...wrappingKey, ...oaep }, new Uint8Array(32).fill(material + 1))
    return { ImportToken: token, EncryptedKeyMaterial: new Uint8Array(wrapped) }
  }
}

async function expectAnswer<Answer>(
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

/** Compares everything that can be seen, in every Region: every key, every version, every ciphertext. */
export async function expectAgreement(model: LifecycleModel, real: LifecycleService): Promise<void> {
  for (const at of real.regions) {
    const { Keys = [] } = await real.in(at).listKeys({ Limit: 1000 })
    const living = model.keys.filter(({ places }) => places.has(at)).map((key) => real.keyId(key))
    expect(Keys.map(({ KeyId }) => KeyId)).toEqual(living.toSorted())
    for (const key of model.keys) await expectKey(real, { key, at })
    for (const blob of real.blobs) await expectBlob(model, real, blob, at)
  }
}

async function expectKey(real: LifecycleService, { key, at }: Spot): Promise<void> {
  const kms = real.in(at)
  const KeyId = real.keyId(key)
  const place = key.places.get(at)
  const answer = await expectAnswer(kms.describeKey({ KeyId }), place === undefined ? 'NotFoundException' : undefined)
  if (place === undefined) return
  const { state, until, windowDays, held } = place
  const metadata = answer?.KeyMetadata
  expect(metadata).toMatchObject({ KeyState: state, Enabled: state === 'Enabled', MultiRegion: key.isMultiRegion })
  expect(metadata?.DeletionDate?.getTime()).toBe(state === 'PendingDeletion' ? until : undefined)
  expect(metadata?.PendingDeletionWindowInDays).toBe(state === 'PendingReplicaDeletion' ? windowDays : undefined)
  if (key.isMultiRegion) expectSet(key, metadata?.MultiRegionConfiguration)
  const current = key.versions.at(-1)
  if (current === undefined || state === 'Creating') expect(metadata?.CurrentKeyMaterialId).toBeUndefined()
  else real.expectMaterialId(key, current.material, metadata?.CurrentKeyMaterialId)
  const ends = key.versions.map(({ material }) => held.get(material) ?? Infinity)
  expect(metadata?.ValidTo?.getTime() ?? Infinity).toBe(Math.min(...ends))

  const { Rotations = [] } = await kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })
  const expected = [...key.versions, ...(key.pending === undefined ? [] : [key.pending])]
  expect(
    Rotations.map((one) => [one.KeyMaterialState, one.RotationType, one.RotationDate?.getTime(), one.ImportState]),
  ).toEqual(
    expected.map((version) => {
      const { material, rotation } = version
      const imported = held.has(material) ? 'IMPORTED' : 'PENDING_IMPORT'
      const done = version === key.pending ? undefined : rotation
      return [materialState(key, material), done?.type, done?.date, key.isImported ? imported : undefined]
    }),
  )
  for (const [number, { KeyMaterialId }] of Rotations.entries()) {
    real.expectMaterialId(key, expected[number]?.material ?? -1, KeyMaterialId)
  }
  await expectRotationStatus(real, { key, at })
}

function expectSet(
  key: Key,
  configuration:
    | {
        PrimaryKey?: { Region?: string | undefined } | undefined
        ReplicaKeys?: readonly { Region?: string | undefined }[] | undefined
      }
    | undefined,
): void {
  const { PrimaryKey, ReplicaKeys = [] } = configuration ?? {}
  expect(PrimaryKey?.Region).toBe(key.primary)
  const replicas = [...key.places.keys()].filter((region) => region !== key.primary)
  expect(ReplicaKeys.map(({ Region = '' }) => Region).toSorted()).toEqual(replicas.toSorted())
}

function materialState(key: Key, material: number): string {
  if (key.pending?.material === material) {
    return isPendingEverywhere(key) ? 'PENDING_ROTATION' : 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION'
  }
  return key.versions.at(-1)?.material === material ? 'CURRENT' : 'NON_CURRENT'
}

async function expectRotationStatus(real: LifecycleService, { key, at }: Spot): Promise<void> {
  const state = key.places.get(at)?.state
  const refusal = state === 'PendingImport' ? 'UnsupportedOperationException' : undefined
  const status = await expectAnswer(real.in(at).getKeyRotationStatus({ KeyId: real.keyId(key) }), refusal)
  if (status === undefined) return
  const isDying = state === 'PendingDeletion' || state === 'PendingReplicaDeletion'
  const schedule = isDying ? undefined : key.schedule
  expect(status.KeyRotationEnabled).toBe(schedule !== undefined)
  expect(status.NextRotationDate?.getTime()).toBe(schedule?.next)
  const inProgress = key.pending?.rotation?.type === 'ON_DEMAND' ? key.pending.rotation : undefined
  expect(status.OnDemandRotationStartDate?.getTime()).toBe(inProgress?.startedAt)
}

async function expectBlob(
  model: LifecycleModel,
  real: LifecycleService,
  { key, material, plaintext, ciphertext }: SealedBlob,
  at: string,
): Promise<void> {
  const answer = await expectAnswer(real.in(at).decrypt({ CiphertextBlob: ciphertext }), model.open({ key, at }))
  if (answer === undefined) return
  expect(answer.Plaintext).toEqual(plaintext)
  real.expectMaterialId(key, material, answer.KeyMaterialId)
}
