/** Compare-and-set: a change is made to exactly the version that its writer had read. */
import { describe, expect, test } from 'vitest'
import { SCOPE, createAliasRecord, createKeyRecord, createMaterialRecord, keyIdOf } from '../../support/records.ts'
import { type OpenStore, expectRefused, nextOf, putAlias, putKey } from './store-under-test.ts'

export function describeVersions(open: OpenStore): void {
  describe('compare-and-set', () => {
    test.each([2, 3, 7])('a new key begins at version 1, not %s', async (version) => {
      const opened = await open()
      await expectRefused(opened, putKey(createKeyRecord(1, { version })))
    })

    test.each([1, 2, 4, 5])('a key at version 2 goes on to 3, not to %s', async (version) => {
      const opened = await open()
      await opened.commit(putKey(createKeyRecord(1)))
      await opened.commit(putKey(createKeyRecord(1, { version: 2 })))
      await expectRefused(opened, putKey(createKeyRecord(1, { version })))
      await opened.commit(putKey(createKeyRecord(1, { version: 3 })))
    })

    test.each([2, 3])('a new alias begins at version 1, not %s', async (version) => {
      const opened = await open()
      await expectRefused(opened, putAlias(createAliasRecord('a', 1, { version })))
    })

    test.each([1, 3])('an alias at version 1 goes on to 2, not to %s', async (version) => {
      const opened = await open()
      await opened.commit(putAlias(createAliasRecord('a', 1)))
      await expectRefused(opened, putAlias(createAliasRecord('a', 2, { version })))
      await opened.commit(putAlias(createAliasRecord('a', 2, { version: 2 })))
    })

    test.each([1, 3])('what expects or deletes a key at version 2 does not take it for %s', async (version) => {
      const opened = await open()
      const key = createKeyRecord(1)
      await opened.commit(putKey(key))
      await opened.commit(putKey(nextOf(key)))
      await expectRefused(opened, { type: 'ExpectKey', key: { ...key, version } })
      await expectRefused(opened, { type: 'DeleteKey', key: { ...key, version } })
      await opened.commit({ type: 'ExpectKey', key: nextOf(key) })
      await opened.commit({ type: 'DeleteKey', key: nextOf(key) })
      await expect(opened.store.getKey(SCOPE, keyIdOf(1))).resolves.toBeUndefined()
    })

    test.each([2, 3])('an alias at version 1 is not deleted as version %s', async (version) => {
      const opened = await open()
      const alias = createAliasRecord('a', 1)
      await opened.commit(putAlias(alias))
      await expectRefused(opened, { type: 'DeleteAlias', alias: { ...alias, version } })
      await opened.commit({ type: 'DeleteAlias', alias })
      await expect(opened.store.getAlias(SCOPE, alias.aliasName)).resolves.toBeUndefined()
    })

    test('what is not there can be neither expected nor deleted', async () => {
      const opened = await open()
      await expectRefused(opened, { type: 'ExpectKey', key: createKeyRecord(1) })
      await expectRefused(opened, { type: 'DeleteKey', key: createKeyRecord(1) })
      await expectRefused(opened, { type: 'DeleteAlias', alias: createAliasRecord('a', 1) })
    })

    test('an expectation changes nothing', async () => {
      const opened = await open()
      const key = createKeyRecord(1)
      await opened.commit(putKey(key))
      const before = await opened.readAll()
      await opened.commit({ type: 'ExpectKey', key })
      expect(await opened.readAll()).toEqual(before)
    })

    test('material is added once', async () => {
      const opened = await open()
      await opened.commit({ type: 'AddMaterial', material: createMaterialRecord(1) })
      await expectRefused(opened, { type: 'AddMaterial', material: createMaterialRecord(1) })
      await expectRefused(opened, { type: 'AddMaterial', material: createMaterialRecord(1, { keyId: keyIdOf(9) }) })
    })

    test('what was deleted begins anew at version 1', async () => {
      const opened = await open()
      const key = createKeyRecord(1)
      const alias = createAliasRecord('a', 1)
      await opened.commit(putKey(key), putAlias(alias))
      await opened.commit(putKey(nextOf(key)))
      await opened.commit({ type: 'DeleteAlias', alias })
      await opened.commit({ type: 'DeleteKey', key: nextOf(key) })
      await expectRefused(opened, putKey(createKeyRecord(1, { version: 3 })))
      await expectRefused(opened, putAlias(createAliasRecord('a', 1, { version: 2 })))
      await opened.commit(putKey(key), putAlias(alias))
    })
  })
}
