/** Grants: found by key and id, by what a store is told to find them by, and by who may retire them. */
import { type GrantRecord, type Page, lookupsOf, retiringLookupOf } from '@softkms/kms'
import { describe, expect, test } from 'vitest'
import { SCOPE, createGrantRecord, createKeyRecord, grantIdOf, keyIdOf } from '../../support/records.ts'
import { ELSEWHERE, type OpenStore, type StoreUnderTest, expectRefused, nextOf, putKey } from './store-under-test.ts'

const NOTHING = { items: [], isTruncated: false }
const onKey = (number: number): { readonly keyId: ReturnType<typeof keyIdOf> } & typeof SCOPE => ({
  ...SCOPE,
  keyId: keyIdOf(number),
})
const numbersOf = ({ items }: Page<GrantRecord>): number[] => items.map(({ grantId }) => Number.parseInt(grantId, 16))
const principal = (name: string): GrantRecord['grantee'] => ({ type: 'principal', name })

/** A grant that uses every member. */
const FULL = createGrantRecord(7, 1, {
  name: 'nightly/backup_1:a-b',
  grantee: { type: 'service', name: 'backup.eu-west-1.amazonaws.com' },
  retiring: principal('arn:aws:iam::444455556666:user/path/retirer'),
  constraints: {
    contextEquals: { __proto__x: '☃', 'a "b"': "it's \\ \u0000", tenant: '' },
    sourceArn: 'arn:aws:backup:eu-west-1:111122223333:plan/x',
  },
})

async function put(opened: StoreUnderTest, ...grants: readonly GrantRecord[]): Promise<void> {
  for (const grant of grants) await opened.commit({ type: 'AddGrant', grant })
}

export function describeGrants(open: OpenStore): void {
  describe('grants', () => {
    test('are not there before they are added', async () => {
      const { store } = await open()
      await expect(store.getGrant(onKey(1), grantIdOf(1))).resolves.toBeUndefined()
      await expect(store.listGrants(onKey(1), { limit: 9 })).resolves.toEqual(NOTHING)
      await expect(store.listGrants(onKey(1), { limit: 9 }, 'nothing')).resolves.toEqual(NOTHING)
      await expect(store.listRetirableGrants(SCOPE.region, { limit: 9 }, 'nobody')).resolves.toEqual(NOTHING)
      await expect(store.countGrants(onKey(1))).resolves.toBe(0)
    })

    test('come back as they were given, through any door and by every way', async () => {
      const opened = await open()
      await opened.commit(putKey(createKeyRecord(1)))
      await put(opened, FULL)
      const found = { items: [FULL], isTruncated: false }
      for (const door of [opened.store, opened.otherDoor]) {
        await expect(door.getGrant(onKey(1), FULL.grantId)).resolves.toEqual(FULL)
        await expect(door.listGrants(onKey(1), { limit: 1 })).resolves.toEqual(found)
        for (const lookup of lookupsOf(FULL)) {
          await expect(door.listGrants(onKey(1), { limit: 1 }, lookup)).resolves.toEqual(found)
        }
        const retiring = retiringLookupOf(FULL) ?? ''
        await expect(door.listRetirableGrants(SCOPE.region, { limit: 1 }, retiring)).resolves.toEqual(found)
        await expect(door.countGrants(onKey(1))).resolves.toBe(1)
      }
    })

    test('belong to one key, account and Region', async () => {
      const opened = await open()
      await put(opened, createGrantRecord(1, 1))
      for (const elsewhere of [onKey(2), ...ELSEWHERE.map((scope) => ({ ...onKey(1), ...scope }))]) {
        await expect(opened.store.getGrant(elsewhere, grantIdOf(1))).resolves.toBeUndefined()
        await expect(opened.store.listGrants(elsewhere, { limit: 9 })).resolves.toEqual(NOTHING)
        await expect(opened.store.countGrants(elsewhere)).resolves.toBe(0)
      }
    })

    test('are added once and end once, and what fails changes nothing', async () => {
      const opened = await open()
      const key = createKeyRecord(1)
      const grant = createGrantRecord(1, 1)
      await opened.commit(putKey(key))
      await expectRefused(opened, { type: 'DeleteGrant', grant })
      await opened.commit(putKey(nextOf(key)), { type: 'AddGrant', grant })
      await expectRefused(opened, { type: 'AddGrant', grant })
      await expectRefused(opened, putKey(nextOf(key)), { type: 'AddGrant', grant: createGrantRecord(2, 1) })
      await expectRefused(opened, { type: 'DeleteGrant', grant }, putKey(nextOf(key)))
      await opened.commit({ type: 'DeleteGrant', grant })
      await expectRefused(opened, { type: 'DeleteGrant', grant })
      await expect(opened.store.listGrants(onKey(1), { limit: 9 })).resolves.toEqual(NOTHING)
      for (const lookup of lookupsOf(grant)) {
        await expect(opened.store.listGrants(onKey(1), { limit: 9 }, lookup)).resolves.toEqual(NOTHING)
      }
      await put(opened, grant)
      await expect(opened.store.countGrants(onKey(1))).resolves.toBe(1)
    })

    test('are listed in the order of their ids, in pages', async () => {
      const opened = await open()
      const { store } = opened
      for (const number of [5, 1, 4, 2, 3]) await put(opened, createGrantRecord(number, 1))
      await put(opened, createGrantRecord(9, 2))
      for (const [limit, after, numbers, isTruncated] of [
        [2, undefined, [1, 2], true],
        [2, 2, [3, 4], true],
        [2, 4, [5], false],
        [5, undefined, [1, 2, 3, 4, 5], false],
        [1, 5, [], false],
      ] as const) {
        const page = { limit, after: after === undefined ? undefined : grantIdOf(after) }
        const listed = await store.listGrants(onKey(1), page)
        expect([numbersOf(listed), listed.isTruncated]).toEqual([numbers, isTruncated])
      }
      await expect(store.countGrants(onKey(1))).resolves.toBe(5)
    })

    test('are found by what tells them from others on the key', async () => {
      const opened = await open()
      const { store } = opened
      const other = principal('arn:aws:iam::444455556666:user/other')
      await put(
        opened,
        createGrantRecord(1, 1, { name: 'one' }),
        createGrantRecord(2, 1, { grantee: other, name: 'two' }),
        createGrantRecord(3, 1, { constraints: { contextEquals: { a: 'b' } } }),
        createGrantRecord(4, 1, { constraints: { contextSubset: { a: 'b' } }, name: 'one' }),
        createGrantRecord(5, 2, { name: 'one' }),
      )
      const lookups = lookupsOf(createGrantRecord(1, 1, { name: 'one' }))
      const [byGrantee = '', byDecrypt = '', byDescribeKey = '', bySameness = ''] = lookups
      const list = async (lookup: string): Promise<number[]> =>
        numbersOf(await store.listGrants(onKey(1), { limit: 9 }, lookup))
      await expect(list(byGrantee)).resolves.toEqual([1, 3, 4])
      await expect(list(byDecrypt)).resolves.toEqual([1])
      await expect(list(byDescribeKey)).resolves.toEqual([1, 3, 4])
      await expect(list(bySameness)).resolves.toEqual([1])
      const first = await store.listGrants(onKey(1), { limit: 1, after: grantIdOf(1) }, byGrantee)
      expect([numbersOf(first), first.isTruncated]).toEqual([[3], true])
    })

    test('may be retired in their Region, whatever the account of their keys', async () => {
      const opened = await open()
      const retiring = principal(`arn:aws:iam::${SCOPE.account}:user/retirer`)
      const [account = SCOPE, region = SCOPE] = ELSEWHERE
      await put(
        opened,
        createGrantRecord(3, 1, { retiring }),
        createGrantRecord(1, 2, { retiring, ...account }),
        createGrantRecord(2, 1, { retiring, ...region }),
        createGrantRecord(4, 1, { retiring: principal(`arn:aws:iam::${SCOPE.account}:user/another`) }),
        createGrantRecord(5, 1),
      )
      const lookup = retiringLookupOf(createGrantRecord(0, 0, { retiring })) ?? ''
      const { store } = opened
      expect(numbersOf(await store.listRetirableGrants(SCOPE.region, { limit: 9 }, lookup))).toEqual([1, 3])
      expect(numbersOf(await store.listRetirableGrants(region.region, { limit: 9 }, lookup))).toEqual([2])
      const first = await store.listRetirableGrants(SCOPE.region, { limit: 1 }, lookup)
      expect([numbersOf(first), first.isTruncated]).toEqual([[1], true])
      await opened.commit({ type: 'DeleteGrant', grant: createGrantRecord(3, 1, { retiring }) })
      expect(numbersOf(await store.listRetirableGrants(SCOPE.region, { limit: 9 }, lookup))).toEqual([1])
    })

    test('go with their key, and only with it', async () => {
      const opened = await open()
      const key = createKeyRecord(1)
      const retiring = principal(`arn:aws:iam::${SCOPE.account}:user/retirer`)
      await opened.commit(putKey(key), putKey(createKeyRecord(2)))
      for (const number of [1, 2, 3]) await put(opened, createGrantRecord(number, 1, { retiring, name: 'a' }))
      await put(opened, createGrantRecord(4, 2, { retiring, name: 'a' }))
      await opened.commit({ type: 'DeleteKey', key })
      for (const door of [opened.store, opened.otherDoor]) {
        await expect(door.listGrants(onKey(1), { limit: 9 })).resolves.toEqual(NOTHING)
        await expect(door.getGrant(onKey(1), grantIdOf(1))).resolves.toBeUndefined()
        await expect(door.countGrants(onKey(1))).resolves.toBe(0)
        expect(numbersOf(await door.listGrants(onKey(2), { limit: 9 }))).toEqual([4])
        const lookup = retiringLookupOf(createGrantRecord(0, 0, { retiring })) ?? ''
        expect(numbersOf(await door.listRetirableGrants(SCOPE.region, { limit: 9 }, lookup))).toEqual([4])
      }
      // The name of the key is free again, and what was on it does not come back.
      await opened.commit(putKey(key))
      await expect(opened.store.listGrants(onKey(1), { limit: 9 })).resolves.toEqual(NOTHING)
    })
  })
}
