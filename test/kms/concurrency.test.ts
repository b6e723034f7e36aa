/** Requests that race for the same key: none is lost, none is half done, and every ciphertext stays readable. */
import { expect, test } from 'vitest'
import { ACCOUNT, bytesOf, createKey, days, refusalOf, startKms } from '../support/kms-fixture.ts'
import { openPolicy } from '../support/policies.ts'
import { createSlowStore } from '../support/slow-store.ts'

const SEEDS = [1, 2, 3, 4, 5]

test.each(SEEDS)('tags that are added at once are all there (seed %s)', async (seed) => {
  const { kms } = await startKms({ store: createSlowStore(seed) })
  const { keyId: KeyId } = await createKey(kms)
  const keys = Array.from({ length: 50 }, (_, i) => `k${i}`)
  await Promise.all(keys.map((TagKey) => kms.tagResource({ KeyId, Tags: [{ TagKey, TagValue: '' }] })))
  const { Tags = [] } = await kms.listResourceTags({ KeyId })
  expect(new Set(Tags.map(({ TagKey }) => TagKey))).toEqual(new Set(keys))
})

test('as many writers as one likes get through', async () => {
  const { kms, store } = await startKms()
  const { keyId: KeyId } = await createKey(kms)
  await Promise.all(
    Array.from({ length: 400 }, (_, i) => kms.tagResource({ KeyId, Tags: [{ TagKey: `k${i % 50}`, TagValue: '' }] })),
  )
  const [key] = (await store.listKeys(kms.defaults, { limit: 1 })).items
  expect(key).toMatchObject({ version: 401 })
  expect(key?.tags).toHaveLength(50)
})

test.each(SEEDS)('of 26 on-demand rotations at once 25 are made (seed %s)', async (seed) => {
  const { kms } = await startKms({ store: createSlowStore(seed) })
  const { keyId: KeyId } = await createKey(kms)
  const encryptions: Promise<unknown>[] = []
  const sealed: { readonly CiphertextBlob?: Uint8Array | undefined; readonly text: string }[] = []
  const seal = async (text: string): Promise<void> => {
    sealed.push({ ...(await kms.encrypt({ KeyId, Plaintext: bytesOf(text) })), text })
  }
  const rotations = Array.from({ length: 26 }, (_, i) => {
    encryptions.push(seal(`text ${i}`))
    return kms.rotateKeyOnDemand({ KeyId })
  })
  const outcomes = await Promise.allSettled(rotations)
  await Promise.all(encryptions)
  const refused = outcomes.filter(({ status }) => status === 'rejected')
  expect(refused).toHaveLength(1)
  expect(refused[0]).toMatchObject({ reason: { code: 'LimitExceededException' } })
  const { Rotations = [] } = await kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })
  expect(new Set(Rotations.map(({ KeyMaterialId }) => KeyMaterialId)).size).toBe(26)
  for (const { CiphertextBlob, text } of sealed) {
    await expect(kms.decrypt({ CiphertextBlob })).resolves.toMatchObject({ Plaintext: bytesOf(text) })
  }
})

test.each(SEEDS)('rotation, disabling, tagging and describing at once lose nothing (seed %s)', async (seed) => {
  const { kms } = await startKms({ store: createSlowStore(seed) })
  const { keyId: KeyId } = await createKey(kms)
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: bytesOf('before') })
  const attempts = Array.from({ length: 8 }, (_, i) => [
    kms.rotateKeyOnDemand({ KeyId }),
    kms.tagResource({ KeyId, Tags: [{ TagKey: `k${i}`, TagValue: '' }] }),
    kms.enableKeyRotation({ KeyId }),
    kms.updateKeyDescription({ KeyId, Description: `d${i}` }),
    i === 5 ? kms.disableKey({ KeyId }) : kms.describeKey({ KeyId }),
  ]).flat()
  const outcomes = await Promise.allSettled<unknown>(attempts)
  for (const outcome of outcomes) {
    // After the key is disabled, some come too late.
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'DisabledException' })
  }
  const made = outcomes.filter(({ status }, i) => i % 5 === 0 && status === 'fulfilled').length
  const { KeyMetadata } = await kms.describeKey({ KeyId })
  expect(KeyMetadata?.KeyState).toBe('Disabled')
  expect(KeyMetadata?.Description).toMatch(/^d\d$/u)
  const { Tags } = await kms.listResourceTags({ KeyId })
  expect(Tags).toHaveLength(8)
  const { Rotations } = await kms.listKeyRotations({ KeyId })
  expect(Rotations).toHaveLength(made)
  await kms.enableKey({ KeyId })
  await expect(kms.decrypt({ CiphertextBlob })).resolves.toMatchObject({ Plaintext: bytesOf('before') })
})

test.each(SEEDS)('of many who create one alias, one does (seed %s)', async (seed) => {
  const { kms } = await startKms({ store: createSlowStore(seed) })
  const keys = await Promise.all(Array.from({ length: 10 }, () => createKey(kms)))
  const outcomes = await Promise.allSettled(
    keys.map(({ keyId }) => kms.createAlias({ AliasName: 'alias/a', TargetKeyId: keyId })),
  )
  const winners = outcomes.flatMap(({ status }, i) => (status === 'fulfilled' ? [keys[i]?.keyId] : []))
  expect(winners).toHaveLength(1)
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'AlreadyExistsException' })
  }
  const { KeyMetadata } = await kms.describeKey({ KeyId: 'alias/a' })
  expect(KeyMetadata?.KeyId).toBe(winners[0])
})

test.each(SEEDS)('an alias that is moved and deleted at once is somewhere or nowhere (seed %s)', async (seed) => {
  const { kms } = await startKms({ store: createSlowStore(seed) })
  const keys = await Promise.all(Array.from({ length: 5 }, () => createKey(kms)))
  await kms.createAlias({ AliasName: 'alias/a', TargetKeyId: keys[0]?.keyId })
  const moves = keys.map(({ keyId }) => kms.updateAlias({ AliasName: 'alias/a', TargetKeyId: keyId }))
  const outcomes = await Promise.allSettled<unknown>([...moves, kms.deleteAlias({ AliasName: 'alias/a' }), ...moves])
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'NotFoundException' })
  }
  expect(outcomes[keys.length]).toMatchObject({ status: 'fulfilled' })
  await expect(kms.listAliases()).resolves.toEqual({ Aliases: [], Truncated: false })
  for (const { keyId: KeyId } of keys) {
    await expect(kms.listAliases({ KeyId })).resolves.toEqual({ Aliases: [], Truncated: false })
  }
})

test.each(SEEDS)('a key that is scheduled and cancelled at once is in one state (seed %s)', async (seed) => {
  const { kms, clock } = await startKms({ store: createSlowStore(seed) })
  const { keyId: KeyId } = await createKey(kms)
  const outcomes = await Promise.allSettled<unknown>(
    Array.from({ length: 6 }, (_, i) =>
      i % 2 === 0 ? kms.scheduleKeyDeletion({ KeyId }) : kms.cancelKeyDeletion({ KeyId }),
    ),
  )
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'KMSInvalidStateException' })
  }
  const wins = (parity: number): number =>
    outcomes.filter(({ status }, i) => i % 2 === parity && status === 'fulfilled').length
  const { KeyMetadata } = await kms.describeKey({ KeyId })
  expect(KeyMetadata?.KeyState).toBe(wins(0) > wins(1) ? 'PendingDeletion' : 'Disabled')
  expect(wins(0) - wins(1)).toBeOneOf([0, 1])
  clock.advance(days(30))
  const isGone = KeyMetadata?.KeyState === 'PendingDeletion'
  await expect(kms.listKeys()).resolves.toMatchObject({ Keys: isGone ? [] : [{ KeyId }] })
})

test.each(SEEDS)('whoever comes while a key is destroyed finds it or does not (seed %s)', async (seed) => {
  const { kms, clock } = await startKms({ store: createSlowStore(seed) })
  const { keyId: KeyId } = await createKey(kms)
  await kms.createAlias({ AliasName: 'alias/a', TargetKeyId: KeyId })
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
  const early = [
    kms.cancelKeyDeletion({ KeyId }),
    kms.putKeyPolicy({ KeyId, Policy: openPolicy(ACCOUNT) }),
    kms.deleteAlias({ AliasName: 'alias/a' }),
  ]
  clock.advanceDays(7)
  const late = Array.from({ length: 5 }, () => kms.describeKey({ KeyId }))
  const outcomes = await Promise.allSettled<unknown>([...early, ...late])
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'NotFoundException' })
  }
  const isSaved = outcomes[0]?.status === 'fulfilled'
  const { Keys } = await kms.listKeys()
  expect(Keys).toHaveLength(isSaved ? 1 : 0)
  await expect(kms.listAliases()).resolves.toMatchObject({ Aliases: [] })
  if (!isSaved) expect((await refusalOf(kms.cancelKeyDeletion({ KeyId }))).code).toBe('NotFoundException')
})
