/** Keys of every kind in every state, made by requests; only a disconnected key store is put into the store by hand. */
import { generateKeyPairSync } from 'node:crypto'
import type { KeySpec, KmsKeyUsage } from '@softkms/hsm'
import type { KeyId, KeyRecord } from '@softkms/kms'
import { type KeyStateName, transition } from '@softkms/lifecycle'
import { createNativeProvider } from '@softkms/hsm/native'
import type { Kms } from 'softkms'
import { ACCOUNT, type KmsFixture, OTHER_REGION, REGION, startKms } from './kms-fixture.ts'
import { wrapMaterial } from './wrap-material.ts'

/** How long replicas are being created and primary Regions updated. */
const REPLICATION_MS = 60_000

export interface KeyKind {
  readonly spec: KeySpec
  readonly usage: KmsKeyUsage
  readonly isImported?: boolean
  readonly isMultiRegion?: boolean
}

export interface KeyInState {
  readonly fixture: KmsFixture
  /** A client in the Region of the key. */
  readonly kms: Kms
  readonly keyId: string
  readonly arn: string
}

/** A key that is enabled, with a ready replica if it is of several Regions, and the way to the state that is wanted. */
export interface KeyBeforeState extends KeyInState {
  /** A client in the Region of the key once it is in its state. */
  readonly there: Kms
  readonly enter: () => Promise<KeyInState>
}

/** @returns `undefined` for a state that no key of the kind can be in */
export async function prepareKey(kind: KeyKind, state: KeyStateName): Promise<KeyBeforeState | undefined> {
  const isImported = kind.isImported === true || state === 'PendingImport'
  // Material of lattices cannot be imported.
  if (isImported && kind.spec.startsWith('ML_')) return undefined
  if (state === 'Unavailable' && (isImported || kind.isMultiRegion === true)) return undefined
  const fixture = await startKms({ provider: createNativeProvider(), replicationMs: REPLICATION_MS })
  const { kms } = fixture
  const isMultiRegion =
    kind.isMultiRegion === true || state === 'Creating' || state === 'Updating' || state === 'PendingReplicaDeletion'
  const { KeyMetadata } = await kms.createKey({
    KeySpec: kind.spec,
    KeyUsage: kind.usage,
    MultiRegion: isMultiRegion,
    ...(isImported ? { Origin: 'EXTERNAL' } : {}),
  })
  const keyId = KeyMetadata?.KeyId ?? ''
  const arn = KeyMetadata?.Arn ?? ''
  const material = materialOf(kind.spec)
  if (isImported) await kms.importKeyMaterial(await wrapMaterial(kms, keyId, material))
  const there = state === 'Creating' || state === 'Updating' ? kms.inRegion(OTHER_REGION) : kms
  const replicate = async (): Promise<void> => {
    await kms.replicateKey({ KeyId: keyId, ReplicaRegion: OTHER_REGION })
  }
  if (isMultiRegion && state !== 'Creating') {
    await replicate()
    fixture.clock.advance(REPLICATION_MS)
    if (isImported) await kms.inRegion(OTHER_REGION).importKeyMaterial(await wrapAbroad(kms, keyId, material))
  }
  const enter: Readonly<Record<KeyStateName, () => Promise<unknown>>> = {
    Creating: replicate,
    Enabled: async () => undefined,
    Disabled: () => kms.disableKey({ KeyId: keyId }),
    PendingDeletion: async () => {
      if (isMultiRegion) await endReplica(fixture, keyId)
      await kms.scheduleKeyDeletion({ KeyId: keyId })
    },
    PendingImport: () => kms.deleteImportedKeyMaterial({ KeyId: keyId }),
    PendingReplicaDeletion: () => kms.scheduleKeyDeletion({ KeyId: keyId }),
    Unavailable: () => disconnect(fixture, keyId),
    Updating: () => kms.updatePrimaryRegion({ KeyId: keyId, PrimaryRegion: OTHER_REGION }),
  }
  const before = { fixture, kms, keyId, arn, there }
  return {
    ...before,
    async enter() {
      await enter[state]()
      return { fixture, kms: there, keyId, arn: there === kms ? arn : arn.replace(REGION, OTHER_REGION) }
    },
  }
}

async function wrapAbroad(kms: Kms, keyId: string, material: Uint8Array): ReturnType<typeof wrapMaterial> {
  return wrapMaterial(kms.inRegion(OTHER_REGION), keyId, material)
}

/** The primary is then without replicas. */
async function endReplica({ kms, clock }: KmsFixture, keyId: string): Promise<void> {
  await kms.inRegion(OTHER_REGION).scheduleKeyDeletion({ KeyId: keyId, PendingWindowInDays: 7 })
  clock.advanceDays(7)
}

/** What the disconnection of a custom key store does to its keys. */
export async function disconnect({ store, clock }: Pick<KmsFixture, 'store' | 'clock'>, keyId: string): Promise<void> {
  const key = await store.getKey({ account: ACCOUNT, region: REGION }, keyId as KeyId)
  const outcome = key && transition(key.life, { type: 'Disconnect' }, clock.now())
  if (key === undefined || outcome?.type !== 'accepted') throw new Error('the key cannot be disconnected')
  const next: KeyRecord = { ...key, life: outcome.next, version: key.version + 1 }
  await store.commit([{ type: 'PutKey', key: next }])
}

function materialOf(spec: KeySpec): Uint8Array {
  if (spec === 'ECC_NIST_P256') {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return Uint8Array.from(privateKey.export({ format: 'der', type: 'pkcs8' }))
  }
  return new Uint8Array(32).fill(7)
}
