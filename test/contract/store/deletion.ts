/** DeleteKey takes along what belongs to the key, and nothing else. */
import type { KeyLife } from '@softkms/lifecycle'
import { describe, expect, test } from 'vitest'
import {
  SCOPE,
  createAliasRecord,
  createKeyRecord,
  createMaterialRecord,
  dyingAt,
  keyIdOf,
  materialIdOf,
} from '../../support/records.ts'
import { ELSEWHERE, type OpenStore, nextOf, putAlias, putKey } from './store-under-test.ts'

export function describeDeletion(open: OpenStore): void {
  describe('the deletion of a key', () => {
    test('takes its material of every version and every alias that points to it', async () => {
      const opened = await open()
      const { store } = opened
      const versions: KeyLife['versions'] = [
        { materialId: materialIdOf(1), material: { type: 'Generated' } },
        { materialId: materialIdOf(2), material: { type: 'Generated' }, rotation: { type: 'ON_DEMAND', date: 1 } },
        { materialId: materialIdOf(3), material: { type: 'Generated' }, rotation: { type: 'AUTOMATIC', date: 2 } },
      ]
      const key = createKeyRecord(1, { life: { ...dyingAt(1, 5), versions } })
      await opened.commit(putKey(key), putKey(createKeyRecord(9)))
      for (const number of [1, 2, 3]) {
        await opened.commit({ type: 'AddMaterial', material: createMaterialRecord(number, { keyId: key.keyId }) })
      }
      await opened.commit({ type: 'AddMaterial', material: createMaterialRecord(9) })
      await opened.commit(putAlias(createAliasRecord('a', 1)), putAlias(createAliasRecord('b', 9)))
      await opened.commit(putAlias(createAliasRecord('c', 1)))
      const moved = createAliasRecord('moved', 1)
      await opened.commit(putAlias(moved))
      await opened.commit(putAlias(nextOf(moved, { targetKeyId: keyIdOf(9) })))

      await opened.commit({ type: 'DeleteKey', key })

      for (const door of [store, opened.otherDoor]) {
        await expect(door.getKey(SCOPE, key.keyId)).resolves.toBeUndefined()
        for (const number of [1, 2, 3]) {
          await expect(door.getMaterial(SCOPE.region, materialIdOf(number))).resolves.toBeUndefined()
        }
        await expect(door.getMaterial(SCOPE.region, materialIdOf(9))).resolves.toEqual(createMaterialRecord(9))
        await expect(door.listAliases(SCOPE, { limit: 9 }, key.keyId)).resolves.toMatchObject({ items: [] })
        const { items } = await door.listAliases(SCOPE, { limit: 9 })
        expect(items.map(({ aliasName }) => aliasName)).toEqual(['alias/b', 'alias/moved'])
        await expect(door.listKeys(SCOPE, { limit: 9 })).resolves.toEqual({
          items: [createKeyRecord(9)],
          isTruncated: false,
        })
        await expect(door.nextDueKey(Number.MAX_SAFE_INTEGER)).resolves.toBeUndefined()
      }
    })

    test('leaves a key of the same id elsewhere alone', async () => {
      const opened = await open()
      for (const scope of [SCOPE, ...ELSEWHERE]) {
        await opened.commit(putKey(createKeyRecord(1, scope)), putAlias(createAliasRecord('a', 1, scope)))
      }
      const [, region = SCOPE] = ELSEWHERE
      await opened.commit({ type: 'AddMaterial', material: createMaterialRecord(1) })
      await opened.commit({ type: 'AddMaterial', material: createMaterialRecord(1, region) })
      await opened.commit({ type: 'DeleteKey', key: createKeyRecord(1) })
      for (const scope of ELSEWHERE) {
        await expect(opened.store.getKey(scope, keyIdOf(1))).resolves.toEqual(createKeyRecord(1, scope))
        await expect(opened.store.listAliases(scope, { limit: 9 }, keyIdOf(1))).resolves.toMatchObject({
          items: [createAliasRecord('a', 1, scope)],
        })
      }
      await expect(opened.store.getMaterial(region.region, materialIdOf(1))).resolves.toBeDefined()
      await expect(opened.store.getMaterial(SCOPE.region, materialIdOf(1))).resolves.toBeUndefined()
    })

    test('lets its names be taken again', async () => {
      const opened = await open()
      await opened.commit(putKey(createKeyRecord(1)), putAlias(createAliasRecord('a', 1)))
      await opened.commit({ type: 'AddMaterial', material: createMaterialRecord(1) })
      await opened.commit({ type: 'DeleteKey', key: createKeyRecord(1) })
      await opened.commit(putKey(createKeyRecord(2)), putAlias(createAliasRecord('a', 2)))
      await opened.commit({ type: 'AddMaterial', material: createMaterialRecord(1) })
      await expect(opened.store.getMaterial(SCOPE.region, materialIdOf(1))).resolves.toEqual(createMaterialRecord(1))
    })
  })
}
