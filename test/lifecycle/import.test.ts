/**
 * Imported material in a key's life: what is pending, and what happens to its name.
 *
 * @covers KMS crypto-details §8; operations, DeleteImportedKeyMaterial
 */
import type { KeyLife } from '@softkms/lifecycle'
import { beginLifeForImport, beginSet } from '@softkms/lifecycle'
import { expect, test } from 'vitest'
import { ABROAD, BIRTH, HOME, materialOf, step } from '../support/key-lives.ts'

const [FIRST, SECOND, THIRD] = [materialOf(1), materialOf(2), materialOf(3)]

/** A key of a set with material that waits for its rotation; here it is only a name, imported elsewhere. */
function lifeAwaiting(primaryRegion: string): KeyLife {
  const alone = step(beginLifeForImport(), { type: 'ImportNew', materialId: FIRST })
  return {
    ...alone,
    pending: { materialId: SECOND, material: { type: 'Missing' } },
    multiRegion: {
      ...beginSet(primaryRegion),
      region: HOME,
      replicaRegions: primaryRegion === HOME ? [ABROAD] : [HOME],
    },
  }
}

test('a primary forgets material that is pending, even where it never had it, and can be brought other material', () => {
  const life = lifeAwaiting(HOME)
  const next = step(life, { type: 'DeleteMaterial', materialId: SECOND })
  const { pending: _, ...rest } = life
  expect(next).toEqual(rest)
  expect(step(next, { type: 'ImportNew', materialId: THIRD }).pending).toMatchObject({ materialId: THIRD })
})

test("a replica keeps the name, which is its primary's to forget", () => {
  const life = lifeAwaiting(ABROAD)
  expect(step(life, { type: 'DeleteMaterial', materialId: SECOND })).toEqual(life)
  const imported = step(life, { type: 'ImportExisting', materialId: SECOND, validTo: BIRTH + 1 })
  expect(imported.pending).toMatchObject({ material: { type: 'Imported', validTo: BIRTH + 1 } })
  expect(step(imported, { type: 'DeleteMaterial', materialId: SECOND })).toEqual(life)
  expect(step(imported, { type: 'ExpireMaterial', materialId: SECOND }, BIRTH + 1)).toEqual(life)
})

test('an expiry that comes a millisecond too early, or of material without an end, is not due', () => {
  const life = step(beginLifeForImport(), { type: 'ImportNew', materialId: FIRST, validTo: BIRTH + 10 })
  expect(() => step(life, { type: 'ExpireMaterial', materialId: FIRST }, BIRTH + 9)).toThrow('was not accepted')
  expect(() => step(life, { type: 'ExpireMaterial', materialId: SECOND }, BIRTH + 10)).toThrow('was not accepted')
  expect(step(life, { type: 'ExpireMaterial', materialId: FIRST }, BIRTH + 10).state).toEqual({ name: 'PendingImport' })
})
