/** How many there are: counted without counting, and a limit that nobody gets past, whoever races. */
import type { Change, Scope } from '@softkms/kms'
import { describe, expect, test } from 'vitest'
import { SCOPE, createAliasRecord, createKeyRecord, dyingAt, keyIdOf } from '../../support/records.ts'
import { ELSEWHERE, type OpenStore, expectRefused, nextOf, putAlias, putKey } from './store-under-test.ts'

function limitKeys(limit: number, scope: Scope = SCOPE): Change {
  return { type: 'LimitKeys', scope, limit }
}

export function describeCounts(open: OpenStore): void {
  describe('counts', () => {
    test('of keys that customers manage, in an account and Region', async () => {
      const opened = await open()
      const count = async (scope: Scope = SCOPE): Promise<number> => opened.otherDoor.countKeys(scope)
      expect(await count()).toBe(0)
      await opened.commit(putKey(createKeyRecord(1)), putKey(createKeyRecord(2)))
      await opened.commit(putKey(createKeyRecord(3, { managedBy: 's3' })))
      await opened.commit(...ELSEWHERE.map((scope) => putKey(createKeyRecord(4, scope))))
      expect(await count()).toBe(2)
      for (const scope of ELSEWHERE) expect(await count(scope)).toBe(1)
      const dying = nextOf(createKeyRecord(1), { life: dyingAt(1, 5) })
      await opened.commit(putKey(dying))
      expect(await count()).toBe(2)
      await opened.commit({ type: 'DeleteKey', key: dying })
      await opened.commit({ type: 'DeleteKey', key: createKeyRecord(3, { managedBy: 's3' }) })
      expect(await count()).toBe(1)
      await opened.commit(putKey(createKeyRecord(1)))
      expect(await count()).toBe(2)
    })

    test('of keys stay as they are when a commit fails', async () => {
      const opened = await open()
      await opened.commit(putKey(createKeyRecord(1)))
      await expectRefused(opened, putKey(createKeyRecord(2)), putKey(createKeyRecord(1)))
      await expectRefused(
        opened,
        { type: 'DeleteKey', key: createKeyRecord(1) },
        putAlias(createAliasRecord('a', 1, { version: 2 })),
      )
      expect(await opened.otherDoor.countKeys(SCOPE)).toBe(1)
    })

    test('of aliases that point to a key', async () => {
      const opened = await open()
      const count = async (number: number): Promise<number> =>
        opened.otherDoor.countAliases({ ...SCOPE, keyId: keyIdOf(number) })
      await opened.commit(putKey(createKeyRecord(1)), putKey(createKeyRecord(2)))
      expect(await count(1)).toBe(0)
      for (const name of ['a', 'b', 'c']) await opened.commit(putAlias(createAliasRecord(name, 1)))
      await opened.commit(...ELSEWHERE.map((scope) => putAlias(createAliasRecord('a', 1, scope))))
      expect([await count(1), await count(2)]).toEqual([3, 0])
      await opened.commit(putAlias(nextOf(createAliasRecord('a', 1), { targetKeyId: keyIdOf(2) })))
      await opened.commit({ type: 'DeleteAlias', alias: createAliasRecord('b', 1) })
      expect([await count(1), await count(2)]).toEqual([1, 1])
      await opened.commit({ type: 'DeleteKey', key: createKeyRecord(2) })
      expect([await count(1), await count(2)]).toEqual([1, 0])
    })
  })

  describe('a limit on keys', () => {
    test('fails the commit that would go past it, and no other', async () => {
      const opened = await open()
      await opened.commit(limitKeys(0))
      await expectRefused(opened, limitKeys(0), putKey(createKeyRecord(1)))
      await expectRefused(opened, putKey(createKeyRecord(1)), putKey(createKeyRecord(2)), limitKeys(1))
      await opened.commit(limitKeys(2), putKey(createKeyRecord(1)), putKey(createKeyRecord(2)))
      await expectRefused(opened, limitKeys(2), putKey(createKeyRecord(3)))
      await opened.commit(limitKeys(2), putKey(nextOf(createKeyRecord(1))))
      await opened.commit(limitKeys(2), putKey(createKeyRecord(3, { managedBy: 's3' })))
      const [elsewhere = SCOPE] = ELSEWHERE
      await opened.commit(limitKeys(1, elsewhere), putKey(createKeyRecord(3, elsewhere)))
      await opened.commit({ type: 'DeleteKey', key: createKeyRecord(2) })
      await opened.commit(limitKeys(2), putKey(createKeyRecord(4)))
    })

    test('holds whoever races', async () => {
      const opened = await open()
      const outcomes = await Promise.all(
        Array.from({ length: 16 }, (_, writer) => {
          const door = writer % 2 === 0 ? opened.store : opened.otherDoor
          return door.commit([putKey(createKeyRecord(writer)), limitKeys(5)])
        }),
      )
      expect(outcomes.filter((hasWon) => hasWon)).toHaveLength(5)
      expect(await opened.store.countKeys(SCOPE)).toBe(5)
      expect((await opened.otherDoor.listKeys(SCOPE, { limit: 100 })).items).toHaveLength(5)
    })
  })
}
