/** What a step in a key's life does to its material. */
import { type Effect, type KeyLife, beginLifeForImport, beginSet, effectsOf, followPrimary } from '@softkms/lifecycle'
import { expect, test } from 'vitest'
import { deepFreeze } from '../support/deep-freeze.ts'
import { ABROAD, FIRST_MATERIAL, HOME, importedLife, materialOf, newLife, step } from '../support/key-lives.ts'

const SECOND = materialOf(1)

const keep = (materialId: string): Effect => ({ type: 'KeepMaterial', materialId })
const activate = (materialId: string): Effect => ({ type: 'ActivateMaterial', materialId })
const destroy = (materialId: string, isForgotten: boolean): Effect => ({
  type: 'DestroyMaterial',
  materialId,
  isForgotten,
})

/** A primary whose first material is imported, and the replica as it was before. */
function firstImport(): { readonly replica: KeyLife; readonly primary: KeyLife } {
  const set = { primaryRegion: HOME, replicaRegions: [ABROAD] }
  const waiting = (region: string): KeyLife => deepFreeze({ ...beginLifeForImport(), multiRegion: { region, ...set } })
  return { replica: waiting(ABROAD), primary: step(waiting(HOME), { type: 'ImportNew', materialId: SECOND }) }
}

test('nothing, where nothing changes', () => {
  expect(effectsOf(newLife(), newLife())).toEqual([])
  expect(effectsOf(newLife(), { ...newLife(), multiRegion: beginSet(HOME) })).toEqual([])
})

test('a replica awaits what its primary has imported, and keeps it when it comes', () => {
  const { replica, primary } = firstImport()
  const follower = deepFreeze(followPrimary(replica, primary))
  expect(effectsOf(replica, follower)).toEqual([{ type: 'AwaitMaterial', materialId: SECOND }, activate(SECOND)])
  const whole = step(follower, { type: 'ImportExisting', materialId: SECOND })
  expect(effectsOf(follower, whole)).toEqual([keep(SECOND)])
  expect(effectsOf(whole, follower)).toEqual([destroy(SECOND, false)])
  expect(effectsOf(whole, whole)).toEqual([])
})

test('what is pending is kept and not yet active, and forgotten when it goes', () => {
  const pending = step(importedLife(), { type: 'ImportNew', materialId: SECOND })
  expect(effectsOf(importedLife(), pending)).toEqual([keep(SECOND)])
  expect(effectsOf(pending, importedLife())).toEqual([destroy(SECOND, true)])
  expect(effectsOf(pending, step(pending, { type: 'RotateToImported' }))).toEqual([activate(SECOND)])
})

test('a name without material is forgotten like any other', () => {
  const { replica, primary } = firstImport()
  expect(effectsOf(followPrimary(replica, primary), replica)).toEqual([destroy(SECOND, true)])
})

test('with the life all of its material ends, the missing and the pending as well', () => {
  const lost = step(importedLife(), { type: 'DeleteMaterial', materialId: FIRST_MATERIAL })
  const pending = step(lost, { type: 'ImportNew', materialId: SECOND })
  expect(effectsOf(pending, undefined)).toEqual([destroy(FIRST_MATERIAL, true), destroy(SECOND, true)])
})

test('it is all one whether a step shares the versions that it leaves alone or copies them', () => {
  const lost = step(importedLife(), { type: 'DeleteMaterial', materialId: FIRST_MATERIAL })
  const pending = step(importedLife(), { type: 'ImportNew', materialId: SECOND })
  const rotated = step(pending, { type: 'RotateToImported' })
  const lives = [importedLife(), lost, pending, rotated]
  for (const before of lives) {
    for (const after of lives) expect(effectsOf(structuredClone(before), after)).toEqual(effectsOf(before, after))
  }
  expect(effectsOf(pending, rotated)).toEqual([activate(SECOND)])
})
