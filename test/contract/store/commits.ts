/** A commit is made whole or not at all. */
import type { Change } from '@softkms/kms'
import { describe, expect, test } from 'vitest'
import { createAliasRecord, createKeyRecord, createMaterialRecord, dyingAt } from '../../support/records.ts'
import { type OpenStore, expectRefused, putAlias, putKey } from './store-under-test.ts'

const IMPOSSIBLE: readonly (readonly [string, Change])[] = [
  ['a stale key', putKey(createKeyRecord(1))],
  ['a key that is not there', { type: 'ExpectKey', key: createKeyRecord(8) }],
  ['a taken alias', putAlias(createAliasRecord('a', 1))],
  ['material that is there', { type: 'AddMaterial', material: createMaterialRecord(1) }],
  ['a key of another version', { type: 'DeleteKey', key: createKeyRecord(1, { version: 5 }) }],
  ['an alias of another version', { type: 'DeleteAlias', alias: createAliasRecord('a', 1, { version: 5 }) }],
]

export function describeCommits(open: OpenStore): void {
  describe('a commit', () => {
    test('of nothing is made', async () => {
      const opened = await open()
      const before = await opened.readAll()
      await opened.commit()
      expect(await opened.readAll()).toEqual(before)
    })

    test.each(IMPOSSIBLE)('is made whole or not at all: %s', async (_what, change) => {
      const opened = await open()
      await opened.commit(putKey(createKeyRecord(1)), putKey(createKeyRecord(2)), putAlias(createAliasRecord('a', 1)))
      await opened.commit(putAlias(createAliasRecord('c', 2)))
      await opened.commit({ type: 'AddMaterial', material: createMaterialRecord(1) })
      const possible: readonly Change[] = [
        putKey(createKeyRecord(2, { version: 2, life: dyingAt(2, 1_950_000_000_000) })),
        putKey(createKeyRecord(3)),
        { type: 'AddMaterial', material: createMaterialRecord(3) },
        putAlias(createAliasRecord('b', 2)),
        { type: 'DeleteAlias', alias: createAliasRecord('c', 2) },
      ]
      // Wherever the impossible one stands, nothing before or after it is made.
      for (let at = 0; at <= possible.length; at++) await expectRefused(opened, ...possible.toSpliced(at, 0, change))
      await opened.commit(...possible)
    })

    test('may change many records of several scopes', async () => {
      const opened = await open()
      const { store } = opened
      const far = { account: '999999999999', region: 'ap-south-1' }
      const numbers = Array.from({ length: 50 }, (_, i) => i)
      await opened.commit(
        ...numbers.map((number) => putKey(createKeyRecord(number))),
        ...numbers.map((number) => putKey(createKeyRecord(number, far))),
      )
      await expectRefused(
        opened,
        ...numbers.map((number) => putKey(createKeyRecord(number, { version: 2 }))),
        putKey(createKeyRecord(7, far)),
      )
      const { items } = await store.listKeys(far, { limit: 100 })
      expect(items).toHaveLength(50)
    })
  })
}
