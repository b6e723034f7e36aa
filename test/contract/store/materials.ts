/** The list of all material: what a rotation of the domain key goes through. */
import { materialName } from '@softkms/kms'
import { describe, expect, test } from 'vitest'
import { createKeyRecord, createMaterialRecord } from '../../support/records.ts'
import { type OpenStore, putKey } from './store-under-test.ts'

export function describeMaterials(open: OpenStore): void {
  describe('the list of material', () => {
    test('has that of all Regions, in the order of Region and id, on pages that go on behind a name', async () => {
      const opened = await open()
      const { otherDoor: door } = opened
      expect(await door.listMaterials({ limit: 5 })).toEqual({ items: [], isTruncated: false })
      const regions = ['us-west-2', 'eu-west-1', 'us-east-1', 'eu-west-1', 'ap-south-1', 'eu-west-1']
      const materials = regions.map((region, i) => createMaterialRecord(i === 3 ? 40 : 10 - i, { region }))
      for (const material of materials) await opened.commit({ type: 'AddMaterial', material })
      const sorted = materials.toSorted((a, b) => (materialName(a) < materialName(b) ? -1 : 1))
      expect(await door.countMaterials()).toBe(6)
      expect(await door.listMaterials({ limit: 6 })).toEqual({ items: sorted, isTruncated: false })
      for (const [index, material] of sorted.entries()) {
        expect(await door.listMaterials({ limit: 2, after: materialName(material) })).toEqual({
          items: sorted.slice(index + 1, index + 3),
          isTruncated: index + 3 < sorted.length,
        })
      }
    })

    test('has what was replaced once, and not what is gone', async () => {
      const opened = await open()
      const { otherDoor: door } = opened
      const [first, second] = [createMaterialRecord(1), createMaterialRecord(2)]
      await opened.commit(putKey(createKeyRecord(1)), { type: 'AddMaterial', material: first })
      await opened.commit(putKey(createKeyRecord(2)), { type: 'AddMaterial', material: second })
      const { token: _, ...awaited } = first
      await opened.commit({ type: 'PutMaterial', material: awaited })
      expect((await door.listMaterials({ limit: 9 })).items).toEqual([awaited, second])
      await opened.commit({ type: 'DeleteMaterial', material: second })
      expect((await door.listMaterials({ limit: 9 })).items).toEqual([awaited])
      expect(await door.countMaterials()).toBe(1)
    })
  })
}
