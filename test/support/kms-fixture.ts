/**
 * A whole KMS for a test: the real engine, HSM and memory store, on a clock that stands still.
 */
import { DAY_MS, materialIdsOf } from '@softkms/lifecycle'
import {
  type ImplementedOperation,
  type KmsErrorCode,
  type MemoryAudit,
  type Scope,
  type Store,
  createMemoryAudit,
  createMemoryStore,
} from '@softkms/kms'
import { type CreateKmsOptions, type Kms, KmsError, createKms } from 'softkms'
import { expect } from 'vitest'
import { isKnownToModel } from './known-errors.ts'
import { type VirtualClock, createVirtualClock } from './virtual-clock.ts'

export const ACCOUNT = '111122223333'
export const OTHER_ACCOUNT = '444455556666'
export const REGION = 'eu-west-1'
export const OTHER_REGION = 'us-west-2'

export interface KmsFixture {
  readonly kms: Kms
  readonly store: Store
  readonly clock: VirtualClock
  readonly audit: MemoryAudit
}

export async function startKms(options: CreateKmsOptions = {}): Promise<KmsFixture> {
  const store = watchMaterial(createMemoryStore())
  const clock = createVirtualClock()
  const audit = createMemoryAudit()
  const kms = await createKms({ account: ACCOUNT, region: REGION, store, clock, audit, ...options })
  return { kms, store, clock, audit }
}

export interface NewKey {
  readonly keyId: string
  readonly arn: string
}

export async function createKey(kms: Kms): Promise<NewKey> {
  const { KeyMetadata } = await kms.createKey()
  return { keyId: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' }
}

/** A key in each state that a symmetric key of this version can be in. */
export async function createKeyInState(
  { kms }: KmsFixture,
  state: 'Enabled' | 'Disabled' | 'PendingDeletion',
): Promise<NewKey> {
  const key = await createKey(kms)
  if (state === 'Disabled') await kms.disableKey({ KeyId: key.keyId })
  if (state === 'PendingDeletion') await kms.scheduleKeyDeletion({ KeyId: key.keyId })
  return key
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function base64Of(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64')
}

/** Calls the typed method of an operation with whatever a test wants to send. */
export async function call(kms: Kms, operation: ImplementedOperation, input: unknown): Promise<object> {
  const method = `${operation.charAt(0).toLowerCase()}${operation.slice(1)}` as Uncapitalize<ImplementedOperation>
  return (kms[method] as (input: unknown) => Promise<object>)(input)
}

export interface Refusal {
  readonly code: string
  readonly message: string
}

/** What a request was refused with. @throws when it was not refused, or with anything but a `KmsError` */
export async function refusalOf(attempt: Promise<unknown>): Promise<Refusal> {
  try {
    await attempt
  } catch (error) {
    if (!(error instanceof KmsError)) throw error
    return { code: error.code, message: error.message }
  }
  throw new Error('the request was not refused')
}

/** Expects a refusal by name and text, with HTTP status 400, that leaves everything as it was. */
export async function expectRefusal(
  { kms, store }: Pick<KmsFixture, 'kms' | 'store'>,
  operation: ImplementedOperation,
  input: unknown,
  code: KmsErrorCode,
  message: string,
): Promise<void> {
  const before = await readEverything(store)
  const error: unknown = await call(kms, operation, input).catch((refusal: unknown) => refusal)
  expect(error).toBeInstanceOf(KmsError)
  expect(error).toMatchObject({ code, name: code, message, statusCode: 400 })
  expect(isKnownToModel(operation, code), `${operation} answers ${code}`).toBe(true)
  expect(await readEverything(store)).toEqual(before)
}

/** The ids of all material that a store was ever told of: so that a record is seen even when no key names it. */
const materialIdsByStore = new WeakMap<Store, Set<string>>()

function watchMaterial(store: Store): Store {
  const ids = new Set<string>()
  const watched: Store = {
    ...store,
    async commit(changes) {
      for (const change of changes) if ('material' in change) ids.add(change.material.materialId)
      return store.commit(changes)
    },
  }
  materialIdsByStore.set(watched, ids)
  return watched
}

/** Every record of the accounts and Regions that tests use, material that is pending or awaited included. */
export async function readEverything(store: Store): Promise<unknown> {
  const scopes = [ACCOUNT, OTHER_ACCOUNT].flatMap((account) =>
    [REGION, OTHER_REGION].map((region): Scope => ({ account, region })),
  )
  return structuredClone(await Promise.all(scopes.map((scope) => readScope(store, scope))))
}

async function readScope(store: Store, scope: Scope): Promise<unknown> {
  const keys = await store.listKeys(scope, { limit: 10_000 })
  const aliases = await store.listAliases(scope, { limit: 10_000 })
  const named = keys.items.flatMap(({ life }) => materialIdsOf(life))
  const materialIds = new Set([...named, ...(materialIdsByStore.get(store) ?? [])])
  const found = await Promise.all([...materialIds].map((id) => store.getMaterial(scope.region, id)))
  const materials = found.filter((material) => material !== undefined)
  const grants = await Promise.all(keys.items.map(async (key) => store.listGrants(key, { limit: 10_000 })))
  const uses = await Promise.all(keys.items.map(async (key) => store.getLastUse(key)))
  return { keys: keys.items, aliases: aliases.items, materials, grants: grants.flatMap(({ items }) => items), uses }
}

/** Milliseconds in so many days. */
export function days(count: number): number {
  return count * DAY_MS
}
