/** Records come back as they were given, and only where they were put. */
import type { KeyLife } from '@softkms/lifecycle'
import { describe, expect, test } from 'vitest'
import {
  SCOPE,
  aliasNameOf,
  createAliasRecord,
  createKeyRecord,
  createMaterialRecord,
  keyIdOf,
  materialIdOf,
  rotatingAt,
} from '../../support/records.ts'
import { ELSEWHERE, type OpenStore, nextOf, putAlias, putKey } from './store-under-test.ts'

const NOTHING = { items: [], isTruncated: false }

export function describeRecords(open: OpenStore): void {
  describe('records', () => {
    test('are not there before they are put', async () => {
      const { store } = await open()
      await expect(store.getKey(SCOPE, keyIdOf(1))).resolves.toBeUndefined()
      await expect(store.getMaterial(SCOPE.region, materialIdOf(1))).resolves.toBeUndefined()
      await expect(store.getAlias(SCOPE, aliasNameOf('a'))).resolves.toBeUndefined()
      await expect(store.listKeys(SCOPE, { limit: 1 })).resolves.toEqual(NOTHING)
      await expect(store.listAliases(SCOPE, { limit: 1 })).resolves.toEqual(NOTHING)
      await expect(store.listAliases(SCOPE, { limit: 1 }, keyIdOf(1))).resolves.toEqual(NOTHING)
    })

    test('come back as they were given, through any door', async () => {
      const opened = await open()
      const key = createKeyRecord(1, { life: rotatingAt(1, 2_000_000_000_000) })
      const material = createMaterialRecord(1)
      const alias = createAliasRecord('a', 1)
      await opened.commit(putKey(key), { type: 'AddMaterial', material }, putAlias(alias))
      for (const door of [opened.store, opened.otherDoor]) {
        await expect(door.getKey(SCOPE, key.keyId)).resolves.toEqual(key)
        await expect(door.getMaterial(SCOPE.region, material.materialId)).resolves.toEqual(material)
        await expect(door.getAlias(SCOPE, alias.aliasName)).resolves.toEqual(alias)
        await expect(door.listKeys(SCOPE, { limit: 1 })).resolves.toEqual({ items: [key], isTruncated: false })
        await expect(door.listAliases(SCOPE, { limit: 1 })).resolves.toEqual({ items: [alias], isTruncated: false })
      }
    })

    test('are replaced by their next version', async () => {
      const opened = await open()
      const first = createKeyRecord(1)
      const versions: KeyLife['versions'] = [
        { materialId: materialIdOf(1), material: { type: 'Generated' } },
        {
          materialId: materialIdOf(2),
          material: { type: 'Generated' },
          rotation: { type: 'ON_DEMAND', date: 1_900_000_000_005 },
        },
      ]
      const second = nextOf(first, { description: '', tags: [], life: { ...first.life, versions } })
      await opened.commit(putKey(first))
      const material = createMaterialRecord(2, { keyId: first.keyId })
      await opened.commit(putKey(second), { type: 'AddMaterial', material })
      for (const door of [opened.store, opened.otherDoor]) {
        await expect(door.getKey(SCOPE, first.keyId)).resolves.toEqual(second)
        await expect(door.listKeys(SCOPE, { limit: 9 })).resolves.toEqual({ items: [second], isTruncated: false })
        await expect(door.getMaterial(SCOPE.region, materialIdOf(2))).resolves.toEqual(material)
      }
    })

    test('of one account and Region are in no other', async () => {
      const opened = await open()
      const { store } = opened
      await opened.commit(putKey(createKeyRecord(1)), putAlias(createAliasRecord('a', 1)))
      for (const scope of ELSEWHERE) {
        await expect(store.getKey(scope, keyIdOf(1))).resolves.toBeUndefined()
        await expect(store.getAlias(scope, aliasNameOf('a'))).resolves.toBeUndefined()
        await expect(store.listKeys(scope, { limit: 9 })).resolves.toEqual(NOTHING)
        await expect(store.listAliases(scope, { limit: 9 })).resolves.toEqual(NOTHING)
        await expect(store.listAliases(scope, { limit: 9 }, keyIdOf(1))).resolves.toEqual(NOTHING)
        // The same names are free there, and version 1 is the first.
        await opened.commit(putKey(createKeyRecord(1, scope)), putAlias(createAliasRecord('a', 1, scope)))
        await expect(store.getKey(scope, keyIdOf(1))).resolves.toMatchObject(scope)
        await expect(store.getAlias(scope, aliasNameOf('a'))).resolves.toMatchObject(scope)
      }
      await expect(store.getKey(SCOPE, keyIdOf(1))).resolves.toMatchObject(SCOPE)
    })

    test('of material are found in the whole Region, whoever owns them, and in no other', async () => {
      const opened = await open()
      const [foreign] = ELSEWHERE
      const material = createMaterialRecord(1, foreign)
      await opened.commit({ type: 'AddMaterial', material })
      await expect(opened.store.getMaterial(SCOPE.region, materialIdOf(1))).resolves.toEqual(material)
      await expect(opened.store.getMaterial('us-west-2', materialIdOf(1))).resolves.toBeUndefined()
      // A key that is in several Regions has the same material in each.
      await opened.commit({ type: 'AddMaterial', material: { ...material, region: 'us-west-2' } })
      await expect(opened.store.getMaterial('us-west-2', materialIdOf(1))).resolves.toMatchObject({
        region: 'us-west-2',
      })
    })
  })
}
