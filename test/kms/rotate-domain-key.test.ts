/** A new domain key for a store in use: what works meanwhile, what is under which key, and what a cut-off leaves. */
import { createHsm, type Hsm } from '@softkms/hsm'
import { type Change, createMemoryStore, joinDomain, rotateDomainKey, type Store } from '@softkms/kms'
import { createKms, type Kms } from 'softkms'
import { describe, expect, test } from 'vitest'
import { createSlowStore } from '../support/slow-store.ts'

const ROOT_KEY = new Uint8Array(32).fill(7)
const PLAINTEXT = new TextEncoder().encode('secret')

interface Served {
  readonly kms: Kms
  readonly hsm: Hsm
  readonly store: Store
}

/** A KMS with keys of a few kinds. */
async function serve(store: Store): Promise<Served> {
  const hsm = createHsm({ rootKey: ROOT_KEY })
  await joinDomain(hsm, store)
  return { kms: await createKms({ hsm, store }), hsm, store }
}

interface Sealed {
  readonly KeyId: string
  readonly CiphertextBlob: Uint8Array
}

async function createKeys(kms: Kms, count: number): Promise<Sealed[]> {
  const sealed: Sealed[] = []
  for (let i = 0; i < count; i++) {
    const KeyId = (await kms.createKey()).KeyMetadata?.KeyId ?? ''
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: PLAINTEXT })
    sealed.push({ KeyId, CiphertextBlob: CiphertextBlob ?? new Uint8Array(0) })
  }
  return sealed
}

async function expectAllOpen(kms: Kms, sealed: readonly Sealed[]): Promise<void> {
  for (const one of sealed) expect((await kms.decrypt(one)).Plaintext).toEqual(PLAINTEXT)
}

async function countStale({ hsm, store }: Pick<Served, 'hsm' | 'store'>): Promise<number> {
  const { items } = await store.listMaterials({ limit: 10_000 })
  const isCurrent = await Promise.all(
    items.map(async ({ token }) => token === undefined || hsm.isUnderActiveKey(token)),
  )
  return isCurrent.filter((is) => !is).length
}

describe('a rotation', () => {
  test('wraps every token anew, and everything works on, after a restart too', async () => {
    const served = await serve(createMemoryStore())
    const { kms, store } = served
    const sealed = await createKeys(kms, 230)
    const { KeyId } = sealed[0] ?? { KeyId: '' }
    await kms.rotateKeyOnDemand({ KeyId })
    const awaited = await kms.createKey({ Origin: 'EXTERNAL' })
    const told: string[] = []
    const rotation = await rotateDomainKey(served, (done, total) => told.push(`${done}/${total}`))
    expect(rotation).toEqual({ isRotated: true, rewrapped: 231 })
    expect(told).toEqual(['0/231', '100/231', '200/231', '231/231'])
    expect(await countStale(served)).toBe(0)
    await expectAllOpen(kms, sealed)
    expect((await served.hsm.status()).domainKeys).toBe(2)

    const again = await serve(store)
    expect((await again.hsm.status()).domainKeys).toBe(2)
    await expectAllOpen(again.kms, sealed)
    expect((await again.kms.describeKey({ KeyId: awaited.KeyMetadata?.KeyId ?? '' })).KeyMetadata?.KeyState).toBe(
      'PendingImport',
    )
  })

  test('of an empty store makes a key, and the next one another', async () => {
    const served = await serve(createMemoryStore())
    expect(await rotateDomainKey(served)).toEqual({ isRotated: true, rewrapped: 0 })
    const [one] = await createKeys(served.kms, 1)
    expect(await rotateDomainKey(served)).toEqual({ isRotated: true, rewrapped: 1 })
    await expectAllOpen(served.kms, one === undefined ? [] : [one])
    expect((await served.store.getKeyring())?.version).toBe(3)
  })

  test('that was cut off is finished by the next one, without another key', async () => {
    const store = createMemoryStore()
    const first = await serve(store)
    const sealed = await createKeys(first.kms, 130)
    let left = 40
    const dying: Store = {
      ...store,
      async commit(changes) {
        if (--left < 0) throw new Error('killed')
        return store.commit(changes)
      },
    }
    await expect(rotateDomainKey({ hsm: first.hsm, store: dying })).rejects.toThrow('killed')

    const second = await serve(store)
    await expectAllOpen(second.kms, sealed)
    expect(await countStale(second)).toBe(91)
    expect(await rotateDomainKey(second)).toEqual({ isRotated: false, rewrapped: 91 })
    expect((await store.getKeyring())?.version).toBe(2)
    await expectAllOpen(second.kms, sealed)
  })

  test('keeps the keyring before its new key wraps anything', async () => {
    const store = createMemoryStore()
    const { hsm, kms } = await serve(store)
    const [one] = await createKeys(kms, 1)
    const full: Store = {
      ...store,
      async commit(changes: readonly Change[]) {
        if (changes.some(({ type }) => type === 'PutKeyring')) throw new Error('the disk is full')
        return store.commit(changes)
      },
    }
    await expect(rotateDomainKey({ hsm, store: full })).rejects.toThrow('the disk is full')
    expect((await hsm.status()).domainKeys).toBe(1)
    const [two] = await createKeys(kms, 1)
    const again = await serve(store)
    await expectAllOpen(
      again.kms,
      [one, two].filter((sealed) => sealed !== undefined),
    )
  })

  test('needs a root key', async () => {
    const served = { hsm: createHsm(), store: createMemoryStore() }
    await expect(rotateDomainKey(served)).rejects.toMatchObject({ code: 'NO_ROOT_KEY' })
    await expect(served.store.getKeyring()).resolves.toBeUndefined()
  })
})

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
  'while keys are made, rotated, disabled, used and deleted, nothing is lost or comes back (seed %i)',
  async (seed) => {
    const served = await serve(createSlowStore(seed))
    const { kms } = served
    const sealed = await createKeys(kms, 12)
    const [gone, imported, ...kept] = sealed
    const deletion = kms.scheduleKeyDeletion({ KeyId: gone?.KeyId ?? '', PendingWindowInDays: 7 })
    const work = [
      deletion,
      kms.disableKey({ KeyId: imported?.KeyId ?? '' }),
      ...kept.map(async ({ KeyId }) => kms.rotateKeyOnDemand({ KeyId })),
      ...kept.map(async ({ KeyId }) => kms.tagResource({ KeyId, Tags: [{ TagKey: 'seed', TagValue: String(seed) }] })),
      createKeys(kms, 5),
      rotateDomainKey(served),
    ]
    const outcomes = await Promise.allSettled(work)
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([])
    await expectAllOpen(kms, kept)
    await rotateDomainKey(served)
    expect(await countStale(served)).toBe(0)
    await expectAllOpen(kms, kept)
    for (const { KeyId } of kept) {
      expect((await kms.listKeyRotations({ KeyId })).Rotations).toHaveLength(1)
      expect((await kms.listResourceTags({ KeyId })).Tags).toHaveLength(1)
    }
    expect((await kms.describeKey({ KeyId: gone?.KeyId ?? '' })).KeyMetadata?.KeyState).toBe('PendingDeletion')
  },
)
