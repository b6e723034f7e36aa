/**
 * Imports that race each other, a deletion, a rotation: whatever wins, some order one after the other could have made
 * the key, and nothing of what was refused stays behind.
 */
import { type Hsm, createHsm } from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'
import { createMemoryStore } from '@softkms/kms'
import { expect, test } from 'vitest'
import {
  type Wrapping,
  NEVER,
  createExternalKey,
  makeMaterial,
  randomOf,
  requestWrapping,
} from '../../support/import-material.ts'
import { type KmsFixture, bytesOf, refusalOf, startKms } from '../../support/kms-fixture.ts'
import { createSlowStore } from '../../support/slow-store.ts'

const SEEDS = [1, 2, 3, 4, 5]
const NEW = { ImportType: 'NEW_KEY_MATERIAL' } as const

interface Scene extends KmsFixture {
  readonly KeyId: string
  readonly arn: string
  readonly wrap: Wrapping['wrap']
}

async function setScene(seed: number): Promise<Scene> {
  const store = createSlowStore(seed)
  const fixture = await startKms({ store, provider: createNativeProvider() })
  const { KeyId, arn } = await createExternalKey(fixture.kms)
  const { wrap } = await requestWrapping(fixture.kms, KeyId)
  return { ...fixture, store, KeyId, arn, wrap }
}

/** The code of a refusal; nothing for a success. */
async function codeOf(attempt: Promise<unknown>): Promise<string | undefined> {
  return attempt.then(
    () => undefined,
    async (error: unknown) => (await refusalOf(Promise.reject(error as Error))).code,
  )
}

/** Material is there exactly where the key's life says so, and the state is the one that follows from it. */
async function expectWhole({ kms, store, KeyId }: Scene): Promise<void> {
  const key = (await store.getKey(kms.defaults, KeyId as never)) ?? expect.fail('there is no key')
  const { versions, pending, state } = key.life
  for (const version of [...versions, ...(pending === undefined ? [] : [pending])]) {
    const record = await store.getMaterial(key.region, version.materialId)
    expect(record?.token !== undefined).toBe(version.material.type === 'Imported')
  }
  const isWhole = versions.length > 0 && versions.every(({ material }) => material.type === 'Imported')
  expect(state.name).toBe(isWhole ? 'Enabled' : 'PendingImport')
}

test.each(SEEDS)('of many first imports one is taken (seed %s)', async (seed) => {
  const scene = await setScene(seed)
  const { kms, KeyId, wrap } = scene
  const requests = Array.from({ length: 8 }, () => wrap(randomOf(32)))
  const codes = await Promise.all(requests.map(async (input) => codeOf(kms.importKeyMaterial({ ...input, ...NEVER }))))
  expect(codes.filter((code) => code === undefined)).toHaveLength(1)
  expect(codes.filter((code) => code === 'IncorrectKeyMaterialException')).toHaveLength(7)
  await expectWhole(scene)
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: bytesOf('m') })
  await kms.importKeyMaterial({ ...(requests[codes.indexOf(undefined)] ?? expect.fail()), ...NEVER })
  expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(bytesOf('m'))
})

test.each(SEEDS)(
  'of many new materials one is current, one is pending, and the others wait (seed %s)',
  async (seed) => {
    const scene = await setScene(seed)
    const { kms, KeyId, wrap } = scene
    const attempts = Array.from({ length: 8 }, async () =>
      codeOf(kms.importKeyMaterial({ ...wrap(randomOf(32)), ...NEVER, ...NEW })),
    )
    const codes = await Promise.all(attempts)
    expect(codes.filter((code) => code === undefined)).toHaveLength(2)
    expect(codes.filter((code) => code === 'KMSInvalidStateException')).toHaveLength(6)
    await expectWhole(scene)
    const rotations = await Promise.all([1, 2, 3].map(async () => codeOf(kms.rotateKeyOnDemand({ KeyId }))))
    expect(rotations.filter((code) => code === undefined)).toHaveLength(1)
    expect(rotations.filter((code) => code === 'KMSInvalidStateException')).toHaveLength(2)
    await expectWhole(scene)
  },
)

test.each(SEEDS)('imports, deletions and encryptions of one material, all at once (seed %s)', async (seed) => {
  const scene = await setScene(seed)
  const { kms, KeyId, wrap } = scene
  const input = { ...wrap(randomOf(32)), ...NEVER }
  await kms.importKeyMaterial(input)
  const blobs: Uint8Array[] = []
  const encrypt = async () => {
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: bytesOf('m') })
    if (CiphertextBlob !== undefined) blobs.push(CiphertextBlob)
  }
  const codes = await Promise.all(
    Array.from({ length: 30 }, async (_, i) => {
      if (i % 3 === 0) return codeOf(kms.deleteImportedKeyMaterial({ KeyId }))
      return i % 3 === 1 ? codeOf(kms.importKeyMaterial(input)) : codeOf(encrypt())
    }),
  )
  // Only encryptions are ever refused, for want of the material.
  expect(new Set(codes.filter((_, i) => i % 3 !== 2))).toEqual(new Set([undefined]))
  expect(codes.every((code) => code === undefined || code === 'KMSInvalidStateException')).toBe(true)
  await expectWhole(scene)
  await kms.importKeyMaterial(input)
  for (const CiphertextBlob of blobs) {
    expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(bytesOf('m'))
  }
})

test.each(SEEDS)('a rotation races the deletion of what it rotates to (seed %s)', async (seed) => {
  const scene = await setScene(seed)
  const { kms, KeyId, wrap } = scene
  await kms.importKeyMaterial({ ...wrap(randomOf(32)), ...NEVER })
  const { KeyMaterialId = '' } = await kms.importKeyMaterial({ ...wrap(randomOf(32)), ...NEVER, ...NEW })
  const [rotated, deleted] = await Promise.all([
    codeOf(kms.rotateKeyOnDemand({ KeyId })),
    codeOf(kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId })),
  ])
  // Either there was nothing left to rotate to, or what was deleted was current by then.
  expect(deleted).toBeUndefined()
  const { KeyMetadata } = await kms.describeKey({ KeyId })
  expect(KeyMetadata?.KeyState).toBe(rotated === undefined ? 'PendingImport' : 'Enabled')
  await expectWhole(scene)
})

test.each(SEEDS)('an import races the deletion of its key (seed %s)', async (seed) => {
  const scene = await setScene(seed)
  const { kms, store, KeyId, wrap } = scene
  const [imported] = await Promise.all([
    codeOf(kms.importKeyMaterial({ ...wrap(randomOf(32)), ...NEVER })),
    kms.scheduleKeyDeletion({ KeyId }),
  ])
  expect([undefined, 'KMSInvalidStateException']).toContain(imported)
  const key = await store.getKey(kms.defaults, KeyId as never)
  expect(key?.life.state.name).toBe('PendingDeletion')
  expect(key?.life.versions).toHaveLength(imported === undefined ? 1 : 0)
})

async function startWatched(): Promise<KmsFixture & { readonly hsm: Hsm; readonly loaded: () => Promise<number> }> {
  const hsm = createHsm({ provider: createNativeProvider() })
  const fixture = await startKms({ store: createMemoryStore(), hsm })
  return { ...fixture, hsm, loaded: async () => (await hsm.status()).loadedKeys }
}

test.each(['SYMMETRIC_DEFAULT', 'HMAC_256', 'ECC_NIST_P256', 'RSA_2048'] as const)(
  '%s: an import leaves no key loaded, whether it is taken or refused',
  async (spec) => {
    const { kms, loaded } = await startWatched()
    const usage = { SYMMETRIC_DEFAULT: 'ENCRYPT_DECRYPT', HMAC_256: 'GENERATE_VERIFY_MAC' } as const
    const { KeyId } = await createExternalKey(kms, spec, usage[spec as 'HMAC_256'] ?? 'SIGN_VERIFY')
    const algorithm = spec === 'RSA_2048' ? 'RSA_AES_KEY_WRAP_SHA_256' : 'RSAES_OAEP_SHA_256'
    const { wrap } = await requestWrapping(kms, KeyId, algorithm)
    expect(await loaded()).toBe(0)
    const input = { ...wrap(makeMaterial(spec).bytes), ...NEVER }
    await kms.importKeyMaterial(input)
    expect(await loaded()).toBe(0)
    await kms.importKeyMaterial(input)
    expect(await loaded()).toBe(0)
    for (const refused of [
      wrap(makeMaterial(spec).bytes),
      wrap(randomOf(5)),
      { ...input, EncryptedKeyMaterial: randomOf(256) },
    ]) {
      expect(await codeOf(kms.importKeyMaterial({ ...refused, ...NEVER }))).toBeDefined()
      expect(await loaded()).toBe(0)
    }
  },
)

test('a token that is refused leaves its wrapping key unloaded', async () => {
  const { kms, clock, loaded } = await startWatched()
  const { KeyId } = await createExternalKey(kms)
  const { KeyId: other } = await createExternalKey(kms)
  const input = { ...(await requestWrapping(kms, KeyId)).wrap(randomOf(32)), ...NEVER }
  expect(await codeOf(kms.importKeyMaterial({ ...input, KeyId: other }))).toBe('InvalidImportTokenException')
  expect(await loaded()).toBe(0)
  clock.advanceDays(1)
  expect(await codeOf(kms.importKeyMaterial(input))).toBe('ExpiredImportTokenException')
  expect(await loaded()).toBe(0)
})

test('material that is deleted, or expires, is unloaded', async () => {
  const { kms, clock, loaded } = await startWatched()
  const { KeyId } = await createExternalKey(kms)
  const { wrap } = await requestWrapping(kms, KeyId)
  const material = randomOf(32)
  await kms.importKeyMaterial({ ...wrap(material), ValidTo: new Date(clock.now() + 10) })
  await kms.encrypt({ KeyId, Plaintext: bytesOf('m') })
  expect(await loaded()).toBe(1)
  clock.advance(10)
  await kms.listKeys()
  expect(await loaded()).toBe(0)
  await kms.importKeyMaterial({ ...wrap(material), ...NEVER })
  await kms.encrypt({ KeyId, Plaintext: bytesOf('m') })
  expect(await loaded()).toBe(1)
  await kms.deleteImportedKeyMaterial({ KeyId })
  expect(await loaded()).toBe(0)
})
