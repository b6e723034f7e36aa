/**
 * Quotas on resources: how many keys an account may have in a Region, and how many aliases a key.
 *
 * @covers KMS operations-around §8
 */
import { expect, test } from 'vitest'
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  OTHER_REGION,
  createKey,
  days,
  expectRefusal,
  startKms,
} from '../../support/kms-fixture.ts'
import { createSlowStore } from '../../support/slow-store.ts'

const tooManyKeys = (quota: number): string =>
  `Key quota for this account in this region is ${quota} but the current usage is ${quota}.`
const tooManyAliases = (quota: number): string =>
  `Aliases per key quota for this account in this region is ${quota}, current usage is ${quota}.`

/** How many of the attempts succeeded; all others were refused for a quota. */
async function countSuccesses(attempts: readonly Promise<unknown>[]): Promise<number> {
  const outcomes = await Promise.allSettled(attempts)
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'LimitExceededException' })
  }
  return outcomes.filter(({ status }) => status === 'fulfilled').length
}

test('an account has as many keys in a Region as it may, whatever their state', async () => {
  const fixture = await startKms({ keysPerRegion: 3 })
  const { kms, clock } = fixture
  const first = await createKey(kms)
  await kms.createKey({ Origin: 'EXTERNAL' })
  await kms.createKey({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
  await expectRefusal(fixture, 'CreateKey', {}, 'LimitExceededException', tooManyKeys(3))
  await kms.disableKey({ KeyId: first.keyId })
  await kms.scheduleKeyDeletion({ KeyId: first.keyId, PendingWindowInDays: 7 })
  await expectRefusal(fixture, 'CreateKey', {}, 'LimitExceededException', tooManyKeys(3))
  for (const other of [kms.inRegion(OTHER_REGION), kms.as(OTHER_ACCOUNT)]) {
    await expect(other.createKey()).resolves.toBeDefined()
  }
  clock.advance(days(7))
  await expect(kms.createKey()).resolves.toBeDefined()
  await expectRefusal(fixture, 'CreateKey', {}, 'LimitExceededException', tooManyKeys(3))
})

test('a replica counts where it is', async () => {
  const fixture = await startKms({ keysPerRegion: 1 })
  const { kms } = fixture
  const { KeyMetadata: { KeyId = '' } = {} } = await kms.createKey({ MultiRegion: true })
  const abroad = kms.inRegion(OTHER_REGION)
  await createKey(abroad)
  const input = { KeyId, ReplicaRegion: OTHER_REGION }
  await expectRefusal(fixture, 'ReplicateKey', input, 'LimitExceededException', tooManyKeys(1))
  await expect(kms.replicateKey({ KeyId, ReplicaRegion: 'us-east-1' })).resolves.toBeDefined()
  const inThird = { kms: kms.inRegion('us-east-1'), store: fixture.store }
  await expectRefusal(inThird, 'CreateKey', {}, 'LimitExceededException', tooManyKeys(1))
})

test('AWS managed keys do not count', async () => {
  const fixture = await startKms({ keysPerRegion: 1 })
  const { kms } = fixture
  await kms.describeKey({ KeyId: 'alias/aws/s3' })
  await kms.describeKey({ KeyId: 'alias/aws/ebs' })
  await createKey(kms)
  await expect(kms.describeKey({ KeyId: 'alias/aws/rds' })).resolves.toBeDefined()
  await expectRefusal(fixture, 'CreateKey', {}, 'LimitExceededException', tooManyKeys(1))
})

test.each([1, 2, 3, 4, 5])('nobody gets past a quota on keys by being fast, seed %d', async (seed) => {
  const { kms } = await startKms({ store: createSlowStore(seed), keysPerRegion: 4 })
  const { KeyMetadata: { KeyId = '' } = {} } = await kms.inRegion(OTHER_REGION).createKey({ MultiRegion: true })
  const attempts: Promise<unknown>[] = Array.from({ length: 10 }, async () => kms.createKey())
  attempts.push(kms.inRegion(OTHER_REGION).replicateKey({ KeyId, ReplicaRegion: kms.defaults.region }))
  expect(await countSuccesses(attempts)).toBe(4)
  expect((await kms.listKeys()).Keys).toHaveLength(4)
})

test('a key has as many aliases as it may, made or pointed to it', async () => {
  const fixture = await startKms({ aliasesPerKey: 2 })
  const { kms } = fixture
  const { keyId: TargetKeyId } = await createKey(kms)
  const { keyId: other } = await createKey(kms)
  for (const name of ['a', 'b']) await kms.createAlias({ AliasName: `alias/${name}`, TargetKeyId })
  await kms.createAlias({ AliasName: 'alias/c', TargetKeyId: other })
  const fresh = { AliasName: 'alias/d', TargetKeyId }
  await expectRefusal(fixture, 'CreateAlias', fresh, 'LimitExceededException', tooManyAliases(2))
  const moved = { AliasName: 'alias/c', TargetKeyId }
  await expectRefusal(fixture, 'UpdateAlias', moved, 'LimitExceededException', tooManyAliases(2))
  // An alias that stays where it is needs no room.
  await expect(kms.updateAlias({ AliasName: 'alias/a', TargetKeyId })).resolves.toEqual({})
  await kms.deleteAlias({ AliasName: 'alias/a' })
  await expect(kms.updateAlias(moved)).resolves.toEqual({})
  await expectRefusal(fixture, 'CreateAlias', fresh, 'LimitExceededException', tooManyAliases(2))
})

test.each([1, 2, 3, 4, 5])('nobody gets past a quota on aliases by being fast, seed %d', async (seed) => {
  const { kms } = await startKms({ store: createSlowStore(seed), aliasesPerKey: 4 })
  const { keyId: TargetKeyId } = await createKey(kms)
  const { keyId: other } = await createKey(kms)
  for (const name of ['x', 'y', 'z']) await kms.createAlias({ AliasName: `alias/${name}`, TargetKeyId: other })
  const attempts = [
    ...Array.from({ length: 6 }, async (_, i) => kms.createAlias({ AliasName: `alias/${i}`, TargetKeyId })),
    ...['x', 'y', 'z'].map(async (name) => kms.updateAlias({ AliasName: `alias/${name}`, TargetKeyId })),
  ]
  expect(await countSuccesses(attempts)).toBe(4)
  expect((await kms.listAliases({ KeyId: TargetKeyId })).Aliases).toHaveLength(4)
})

test("AWS's own quota on aliases is 50", async () => {
  const fixture = await startKms()
  const { keyId: TargetKeyId } = await createKey(fixture.kms)
  for (let i = 0; i < 50; i++) await fixture.kms.createAlias({ AliasName: `alias/${i}`, TargetKeyId })
  const input = { AliasName: 'alias/more', TargetKeyId }
  await expectRefusal(fixture, 'CreateAlias', input, 'LimitExceededException', tooManyAliases(50))
})

test.each(['keysPerRegion', 'aliasesPerKey', 'grantsPerKey'])('%s is a whole number', async (name) => {
  for (const count of [-1, 1.5, Number.NaN]) {
    await expect(startKms({ [name]: count })).rejects.toThrow(
      new RangeError(`${name} must be a whole number, 0 or more`),
    )
  }
  await expect(startKms({ [name]: undefined })).resolves.toBeDefined()
  await expect(startKms({ account: ACCOUNT, [name]: 0 })).resolves.toBeDefined()
})
