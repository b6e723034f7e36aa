/**
 * Imported material: first, pending, again, lost, expired, forgotten.
 *
 * @covers KMS crypto-details §8; operations, ImportKeyMaterial and DeleteImportedKeyMaterial
 */
import {
  type Command,
  type KeyLife,
  addDays,
  beginLifeForImport,
  beginReplica,
  beginSet,
  currentVersion,
  deadlines,
  followPrimary,
  hasAllMaterial,
  transition,
} from '@softkms/lifecycle'
import { expect, test } from 'vitest'
import { deepFreeze } from '../support/deep-freeze.ts'
import { ABROAD, BIRTH, FIRST_MATERIAL, HOME, importedLife, materialOf, step } from '../support/key-lives.ts'

const SECOND = materialOf(1)
const THIRD = materialOf(2)

const refusalOf = (life: KeyLife, command: Command, now = BIRTH): unknown => {
  const outcome = transition(life, command, now)
  return outcome.type === 'refused' ? outcome.reason : outcome
}
const importNew = (materialId: string): Command => ({ type: 'ImportNew', materialId })
const remove = (materialId: string): Command => ({ type: 'DeleteMaterial', materialId })

/** A key with current and with pending material. */
function pendingLife(): KeyLife {
  return step(importedLife(), { ...importNew(SECOND), validTo: addDays(BIRTH, 9), description: 'second' } as Command)
}

/** A primary with pending material, and its replica, which has all but that. */
function pendingSet(): { readonly primary: KeyLife; readonly replica: KeyLife } {
  const alone = step(deepFreeze({ ...importedLife(), multiRegion: beginSet(HOME) }), importNew(SECOND))
  const primary = step(alone, { type: 'AddReplica', region: ABROAD })
  const made = step(deepFreeze(beginReplica(primary, ABROAD, BIRTH)), { type: 'FinishCreation' })
  return { primary, replica: step(made, { type: 'ImportExisting', materialId: FIRST_MATERIAL }) }
}

test('the first material is current at once, and enables the key', () => {
  expect(hasAllMaterial(beginLifeForImport())).toBe(false)
  expect(
    transition(beginLifeForImport(), { type: 'ImportNew', materialId: SECOND, description: 'one' }, BIRTH),
  ).toEqual({
    type: 'accepted',
    next: {
      state: { name: 'Enabled' },
      rotation: { isEnabled: false },
      versions: [{ materialId: SECOND, material: { type: 'Imported' }, description: 'one' }],
    },
    effects: [
      { type: 'KeepMaterial', materialId: SECOND },
      { type: 'ActivateMaterial', materialId: SECOND },
    ],
  })
})

test('what comes later is pending, does not encrypt, and is not missed', () => {
  const life = pendingLife()
  expect(currentVersion(life)?.materialId).toBe(FIRST_MATERIAL)
  expect(life.pending).toStrictEqual({
    materialId: SECOND,
    material: { type: 'Imported', validTo: addDays(BIRTH, 9) },
    description: 'second',
  })
  expect(step(life, remove(SECOND)).state.name).toBe('Enabled')
  expect(transition(importedLife(), importNew(SECOND), BIRTH)).toMatchObject({
    effects: [{ type: 'KeepMaterial', materialId: SECOND }],
  })
})

test('one thing is pending at a time, and nothing is new twice', () => {
  expect(refusalOf(pendingLife(), importNew(THIRD))).toBe('AnotherMaterialPending')
  expect(refusalOf(pendingLife(), importNew(SECOND))).toBe('MaterialNotNew')
  expect(refusalOf(importedLife(), importNew(FIRST_MATERIAL))).toBe('MaterialNotNew')
  expect(refusalOf(importedLife(), { type: 'ImportExisting', materialId: SECOND })).toBe('UnknownMaterial')
  expect(refusalOf(importedLife(), remove(SECOND))).toBe('UnknownMaterial')
})

test('a rotation makes what is pending current, and another can be pending then', () => {
  const rotated = step(pendingLife(), { type: 'RotateToImported' }, addDays(BIRTH, 1))
  expect(rotated.pending).toBeUndefined()
  expect(currentVersion(rotated)).toStrictEqual({
    materialId: SECOND,
    material: { type: 'Imported', validTo: addDays(BIRTH, 9) },
    description: 'second',
    rotation: { type: 'ON_DEMAND', date: addDays(BIRTH, 1) },
  })
  expect(step(rotated, importNew(THIRD)).pending?.materialId).toBe(THIRD)
})

test('an import again replaces when it expires, and what is said of it only when something is said', () => {
  const again = step(pendingLife(), { type: 'ImportExisting', materialId: SECOND })
  expect(again.pending).toStrictEqual({ materialId: SECOND, material: { type: 'Imported' }, description: 'second' })
  const said = step(again, { type: 'ImportExisting', materialId: FIRST_MATERIAL, description: 'first' })
  expect(said.versions).toStrictEqual([
    { materialId: FIRST_MATERIAL, material: { type: 'Imported' }, description: 'first' },
  ])
  const until = step(said, { type: 'ImportExisting', materialId: FIRST_MATERIAL, validTo: addDays(BIRTH, 3) })
  expect(until.versions[0]?.material).toStrictEqual({ type: 'Imported', validTo: addDays(BIRTH, 3) })
})

test('one old version that is missing is enough for the key to wait, and its import to go on', () => {
  const rotated = step(pendingLife(), { type: 'RotateToImported' })
  const waiting = step(rotated, remove(FIRST_MATERIAL))
  expect(waiting.state).toStrictEqual({ name: 'PendingImport' })
  expect(step(waiting, remove(FIRST_MATERIAL))).toStrictEqual(waiting)
  expect(step(waiting, remove(SECOND)).state).toStrictEqual({ name: 'PendingImport' })
  const back = step(waiting, { type: 'ImportExisting', materialId: FIRST_MATERIAL })
  expect(back).toStrictEqual(rotated)
})

test('a disabled key waits, too, and comes back enabled', () => {
  const waiting = step(step(importedLife(), { type: 'Disable' }), remove(FIRST_MATERIAL))
  expect(waiting.state.name).toBe('PendingImport')
  expect(step(waiting, { type: 'ImportExisting', materialId: FIRST_MATERIAL }).state.name).toBe('Enabled')
})

test('material goes when its time is up and not a millisecond before, whatever the state', () => {
  const end = addDays(BIRTH, 9)
  const expire: Command = { type: 'ExpireMaterial', materialId: FIRST_MATERIAL }
  expect(deadlines(importedLife(end))).toStrictEqual([{ at: end, due: expire }])
  expect(refusalOf(importedLife(end), expire, end - 1)).toBe('NotDue')
  expect(refusalOf(importedLife(end), { type: 'ExpireMaterial', materialId: SECOND }, end)).toBe('NotDue')
  expect(step(importedLife(end), expire, end)).toMatchObject({
    state: { name: 'PendingImport' },
    versions: [{ materialId: FIRST_MATERIAL, material: { type: 'Missing' } }],
  })
  const dying = step(importedLife(end), { type: 'ScheduleDeletion', pendingWindowInDays: 30 })
  expect(step(dying, expire, end).state).toStrictEqual(dying.state)
})

test('what is pending expires as well, and is forgotten', () => {
  const end = addDays(BIRTH, 9)
  const expire: Command = { type: 'ExpireMaterial', materialId: SECOND }
  expect(deadlines(pendingLife())).toStrictEqual([{ at: end, due: expire }])
  const outcome = transition(pendingLife(), expire, end)
  expect(outcome).toMatchObject({
    effects: [{ type: 'DestroyMaterial', materialId: SECOND, isForgotten: true }],
  })
  expect(outcome).toHaveProperty('next', importedLife())
})

test('a replica loses what is pending and keeps its name, which is the primary\u2019s to forget', () => {
  const { primary, replica } = pendingSet()
  const has = step(replica, { type: 'ImportExisting', materialId: SECOND })
  expect(step(has, remove(SECOND)).pending).toStrictEqual({ materialId: SECOND, material: { type: 'Missing' } })
  const forgotten = step(primary, remove(SECOND))
  expect(forgotten.pending).toBeUndefined()
  expect(followPrimary(has, forgotten).pending).toBeUndefined()
})

test('a primary forgets what is pending though it never had it itself', () => {
  const { replica } = pendingSet()
  const until = addDays(BIRTH, 1)
  const primary = step(
    step(replica, { type: 'UpdatePrimary', primaryRegion: ABROAD, until }),
    { type: 'FinishUpdate' },
    until,
  )
  expect(primary.pending?.material).toStrictEqual({ type: 'Missing' })
  expect(step(primary, remove(SECOND)).pending).toBeUndefined()
})

test('new material is for the primary alone', () => {
  expect(refusalOf(pendingSet().replica, importNew(THIRD))).toBe('NotPrimary')
})
