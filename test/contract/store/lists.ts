/** Lists: their order, their pages, and the aliases of one key. */
import type { AliasRecord, KeyRecord, Page } from '@softkms/kms'
import { describe, expect, test } from 'vitest'
import { SCOPE, aliasNameOf, createAliasRecord, createKeyRecord, keyIdOf } from '../../support/records.ts'
import { type OpenStore, nextOf, putAlias, putKey } from './store-under-test.ts'

const numbersOf = ({ items }: Page<KeyRecord>): number[] => items.map(({ keyId }) => Number(keyId.slice(-12)))
const namesOf = ({ items }: Page<AliasRecord>): string[] =>
  items.map(({ aliasName }) => aliasName.slice('alias/'.length))

export function describeLists(open: OpenStore): void {
  describe('lists', () => {
    test('keys come in the order of their ids, whatever the order of writing', async () => {
      const opened = await open()
      for (const number of [5, 1, 9, 3, 7]) await opened.commit(putKey(createKeyRecord(number)))
      await opened.commit(putKey(createKeyRecord(9, { version: 2 })))
      expect(numbersOf(await opened.store.listKeys(SCOPE, { limit: 9 }))).toEqual([1, 3, 5, 7, 9])
    })

    test('aliases come in the order of their names, by code unit', async () => {
      const opened = await open()
      const names = ['b', 'a', 'B', 'a/b', 'a-b', 'a_b', 'aa', '1', '__proto__', '_', '-']
      for (const name of names) await opened.commit(putAlias(createAliasRecord(name, 1)))
      expect(namesOf(await opened.store.listAliases(SCOPE, { limit: 99 }))).toEqual(names.toSorted())
    })

    test('pages go on behind a name, and say whether there is more', async () => {
      const opened = await open()
      const { store } = opened
      for (const number of [1, 2, 3, 4, 5]) await opened.commit(putKey(createKeyRecord(number)))
      for (const [limit, after, numbers, isTruncated] of [
        [2, undefined, [1, 2], true],
        [2, 2, [3, 4], true],
        [2, 4, [5], false],
        [5, undefined, [1, 2, 3, 4, 5], false],
        [4, undefined, [1, 2, 3, 4], true],
        [4, 1, [2, 3, 4, 5], false],
        [1, 4, [5], false],
        [1, 5, [], false],
        [1, 6, [], false],
        [1000, 0, [1, 2, 3, 4, 5], false],
      ] as const) {
        const page = await store.listKeys(SCOPE, { limit, after: after === undefined ? undefined : keyIdOf(after) })
        expect(numbersOf(page)).toEqual(numbers)
        expect(page.isTruncated).toBe(isTruncated)
      }
    })

    test('a page goes on behind a name that is not there, or any text', async () => {
      const opened = await open()
      for (const name of ['b', 'd']) await opened.commit(putAlias(createAliasRecord(name, 1)))
      for (const [after, names] of [
        [aliasNameOf('a'), ['b', 'd']],
        [aliasNameOf('c'), ['d']],
        [aliasNameOf('b'), ['d']],
        [aliasNameOf('e'), []],
        ['', ['b', 'd']],
        ['zzz', []],
        [`alias/b'; --`, ['d']],
        ['alias/b\u0000', ['d']],
      ] as const) {
        expect(namesOf(await opened.store.listAliases(SCOPE, { limit: 9, after }))).toEqual(names)
      }
    })

    test('the aliases of one key, in order and in pages', async () => {
      const opened = await open()
      const { store } = opened
      for (const [name, target] of [
        ['e', 1],
        ['a', 1],
        ['b', 2],
        ['c', 1],
        ['d', 2],
      ] as const) {
        await opened.commit(putAlias(createAliasRecord(name, target)))
      }
      expect(namesOf(await store.listAliases(SCOPE, { limit: 9 }, keyIdOf(1)))).toEqual(['a', 'c', 'e'])
      expect(namesOf(await store.listAliases(SCOPE, { limit: 9 }, keyIdOf(2)))).toEqual(['b', 'd'])
      expect(namesOf(await store.listAliases(SCOPE, { limit: 9 }, keyIdOf(3)))).toEqual([])
      const first = await store.listAliases(SCOPE, { limit: 2 }, keyIdOf(1))
      expect([namesOf(first), first.isTruncated]).toEqual([['a', 'c'], true])
      const second = await store.listAliases(SCOPE, { limit: 2, after: aliasNameOf('c') }, keyIdOf(1))
      expect([namesOf(second), second.isTruncated]).toEqual([['e'], false])
    })

    test('an alias that points elsewhere leaves one list and is in the other', async () => {
      const opened = await open()
      const { store } = opened
      const alias = createAliasRecord('a', 1)
      await opened.commit(putAlias(alias), putAlias(createAliasRecord('b', 1)))
      const retargeted = nextOf(alias, { targetKeyId: keyIdOf(2), updatedAt: 1_950_000_000_000 })
      await opened.commit(putAlias(retargeted))
      await expect(store.getAlias(SCOPE, alias.aliasName)).resolves.toEqual(retargeted)
      expect(namesOf(await store.listAliases(SCOPE, { limit: 9 }, keyIdOf(1)))).toEqual(['b'])
      await expect(store.listAliases(SCOPE, { limit: 9 }, keyIdOf(2))).resolves.toEqual({
        items: [retargeted],
        isTruncated: false,
      })
      expect(namesOf(await store.listAliases(SCOPE, { limit: 9 }))).toEqual(['a', 'b'])
      await opened.commit({ type: 'DeleteAlias', alias: retargeted })
      expect(namesOf(await store.listAliases(SCOPE, { limit: 9 }, keyIdOf(2)))).toEqual([])
      expect(namesOf(await store.listAliases(SCOPE, { limit: 9 }))).toEqual(['b'])
    })
  })
}
