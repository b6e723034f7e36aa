/**
 * Multi-Region sets: who is in one, who follows whom, and who goes last.
 *
 * @covers KMS crypto-details §10; key-states, "Deletion"
 */
import {
  type Command,
  type KeyLife,
  addDays,
  beginReplica,
  beginSet,
  deadlines,
  followPrimary,
  isPendingEverywhere,
  isReplica,
  nextDeadline,
  regionsOf,
  transition,
} from '@softkms/lifecycle'
import { expect, test } from 'vitest'
import { deepFreeze } from '../support/deep-freeze.ts'
import {
  ABROAD,
  BIRTH,
  FIRST_MATERIAL,
  HOME,
  importedLife,
  materialOf,
  newLife,
  primaryLife,
  replicaLife,
  step,
} from '../support/key-lives.ts'

const FARTHER = 'ap-south-1'
const READY = BIRTH + 60_000

const refusalOf = (life: KeyLife, command: Command, now = BIRTH): unknown => {
  const outcome = transition(life, command, now)
  return outcome.type === 'refused' ? outcome.reason : outcome
}
const enabledReplica = (): KeyLife => step(replicaLife(), { type: 'FinishCreation' }, READY)
const movePrimary = (primaryRegion: string): Command => ({
  type: 'UpdatePrimary',
  primaryRegion,
  until: addDays(BIRTH, 1),
})

test('a set begins with its primary alone, and the replicas come in their order', () => {
  expect(beginSet(HOME)).toStrictEqual({ region: HOME, primaryRegion: HOME, replicaRegions: [] })
  const set = step(primaryLife(), { type: 'AddReplica', region: FARTHER }).multiRegion
  expect(set).toStrictEqual({ region: HOME, primaryRegion: HOME, replicaRegions: [ABROAD, FARTHER] })
  expect(set && regionsOf(set)).toStrictEqual([HOME, ABROAD, FARTHER])
})

test('a replica is made with what the HSM generated, and is ready when it is ready', () => {
  const replica = replicaLife()
  expect(replica).toStrictEqual({
    state: { name: 'Creating', readyAt: READY },
    rotation: { isEnabled: false },
    versions: [{ materialId: FIRST_MATERIAL, material: { type: 'Generated' } }],
    multiRegion: { region: ABROAD, primaryRegion: HOME, replicaRegions: [ABROAD] },
  })
  expect(deadlines(replica)).toStrictEqual([{ at: READY, due: { type: 'FinishCreation' } }])
  expect(refusalOf(replica, { type: 'FinishCreation' }, READY - 1)).toBe('NotDue')
  expect(enabledReplica().state).toStrictEqual({ name: 'Enabled' })
})

test('imported material does not come along, and the replica waits for it', () => {
  const primary = step(deepFreeze({ ...importedLife(), multiRegion: beginSet(HOME) }), {
    type: 'AddReplica',
    region: ABROAD,
  })
  const replica = deepFreeze(beginReplica(primary, ABROAD, READY))
  expect(replica.versions).toStrictEqual([{ materialId: FIRST_MATERIAL, material: { type: 'Missing' } }])
  const waiting = step(replica, { type: 'FinishCreation' }, READY)
  expect(waiting.state).toStrictEqual({ name: 'PendingImport' })
  const ready = step(waiting, { type: 'ImportExisting', materialId: FIRST_MATERIAL })
  expect(ready.state).toStrictEqual({ name: 'Enabled' })
  // Its own material stays its own, whatever becomes of the primary's.
  const lost = step(primary, { type: 'DeleteMaterial', materialId: FIRST_MATERIAL })
  expect(followPrimary(ready, lost)).toStrictEqual(ready)
})

test('one replica in a Region, and only the primary makes them', () => {
  expect(refusalOf(primaryLife(), { type: 'AddReplica', region: ABROAD })).toBe('ReplicaExists')
  expect(refusalOf(primaryLife(), { type: 'AddReplica', region: HOME })).toBe('ReplicaExists')
  expect(refusalOf(enabledReplica(), { type: 'AddReplica', region: FARTHER })).toBe('NotPrimary')
  expect(refusalOf(newLife(), { type: 'AddReplica', region: FARTHER })).toBe('NotPrimary')
})

test('a replica that is gone is gone from the set, and only the primary is told', () => {
  const two = step(primaryLife(), { type: 'AddReplica', region: FARTHER })
  const one = step(two, { type: 'RemoveReplica', region: ABROAD })
  expect(one.multiRegion?.replicaRegions).toStrictEqual([FARTHER])
  expect(one.state).toStrictEqual({ name: 'Enabled' })
  expect(refusalOf(one, { type: 'RemoveReplica', region: ABROAD })).toBe('UnknownReplica')
  expect(refusalOf(newLife(), { type: 'RemoveReplica', region: ABROAD })).toBe('NotPrimary')
  expect(refusalOf(enabledReplica(), { type: 'RemoveReplica', region: ABROAD })).toBe('NotPrimary')
})

test('the waiting period of a primary begins with the end of its last replica', () => {
  const two = step(primaryLife(), { type: 'AddReplica', region: FARTHER })
  const waiting = step(two, { type: 'ScheduleDeletion', pendingWindowInDays: 9 })
  expect(waiting.state).toStrictEqual({ name: 'PendingReplicaDeletion', pendingWindowInDays: 9 })
  expect(deadlines(waiting)).toStrictEqual([])
  const still = step(waiting, { type: 'RemoveReplica', region: ABROAD }, addDays(BIRTH, 30))
  expect(still.state).toStrictEqual(waiting.state)
  const dying = step(still, { type: 'RemoveReplica', region: FARTHER }, addDays(BIRTH, 40))
  expect(dying.state).toStrictEqual({ name: 'PendingDeletion', deletionDate: addDays(BIRTH, 49) })
})

test('a replica, and a primary without any, wait for nobody', () => {
  const alone = deepFreeze({ ...newLife(), multiRegion: beginSet(HOME) })
  for (const life of [alone, enabledReplica()]) {
    expect(step(life, { type: 'ScheduleDeletion', pendingWindowInDays: 7 }).state.name).toBe('PendingDeletion')
  }
})

test('the primary moves: both keys are updating for a while, and have changed places', () => {
  const two = step(primaryLife(), { type: 'AddReplica', region: FARTHER })
  const before = step(two, movePrimary(ABROAD))
  const after = step(followPrimary(enabledReplica(), two), movePrimary(ABROAD))
  const updating = { name: 'Updating', until: addDays(BIRTH, 1) }
  const set = { primaryRegion: ABROAD, replicaRegions: [HOME, FARTHER] }
  expect(before).toMatchObject({ state: updating, multiRegion: { ...set, region: HOME } })
  expect(after).toMatchObject({ state: updating, multiRegion: { ...set, region: ABROAD } })
  expect([before, after].map(isReplica)).toEqual([true, false])
  expect(deadlines(after)).toStrictEqual([{ at: addDays(BIRTH, 1), due: { type: 'FinishUpdate' } }])
  expect(refusalOf(after, { type: 'FinishUpdate' }, addDays(BIRTH, 1) - 1)).toBe('NotDue')
  expect(step(after, { type: 'FinishUpdate' }, addDays(BIRTH, 1)).state).toStrictEqual({ name: 'Enabled' })
})

test('a primary moves to a replica and nowhere else', () => {
  expect(refusalOf(primaryLife(), movePrimary(FARTHER))).toBe('UnknownReplica')
  expect(refusalOf(primaryLife(), movePrimary(HOME))).toBe('UnknownReplica')
  expect(refusalOf(newLife(), movePrimary(ABROAD))).toBe('NotPrimary')
  const far = deepFreeze(beginReplica(step(primaryLife(), { type: 'AddReplica', region: FARTHER }), FARTHER, BIRTH))
  expect(refusalOf(step(far, { type: 'FinishCreation' }), movePrimary(ABROAD))).toBe('NotPrimary')
})

test('a rotation that falls due while the primary moves is due when it has moved', () => {
  const scheduled = step(primaryLife(), { type: 'EnableRotation', periodInDays: 90 })
  const until = addDays(BIRTH, 91)
  const command: Command = { type: 'UpdatePrimary', primaryRegion: ABROAD, until }
  const moving = step(followPrimary(enabledReplica(), scheduled), command, addDays(BIRTH, 89))
  expect(deadlines(moving)).toStrictEqual([{ at: until, due: { type: 'FinishUpdate' } }])
  expect(nextDeadline(step(moving, { type: 'FinishUpdate' }, until))).toStrictEqual({
    at: until,
    due: { type: 'Rotate' },
  })
})

test('replicas have the schedule of their primary, and nothing that they do moves it', () => {
  const scheduled = step(primaryLife(), { type: 'EnableRotation', periodInDays: 90 })
  const replica = deepFreeze(followPrimary(enabledReplica(), scheduled))
  expect(replica.rotation).toStrictEqual(scheduled.rotation)
  expect(deadlines(replica)).toStrictEqual([])
  // Not even to enable one after the rotation was due: the primary missed it and will make up for it.
  const enabled = step(step(replica, { type: 'Disable' }), { type: 'Enable' }, addDays(BIRTH, 99))
  expect(enabled.rotation).toStrictEqual(scheduled.rotation)
})

test('new material takes effect when it has reached the replicas, and a second rotation waits for the first', () => {
  const scheduled = step(primaryLife(), { type: 'EnableRotation', periodInDays: 90 })
  const takesEffectAt = addDays(BIRTH, 95)
  const rotate = { type: 'Rotate', rotationType: 'ON_DEMAND', materialId: materialOf(1), takesEffectAt } as const
  const rotating = step(scheduled, rotate, addDays(BIRTH, 85))
  expect(rotating.versions).toStrictEqual(scheduled.versions)
  expect(rotating.pending).toStrictEqual({
    materialId: materialOf(1),
    material: { type: 'Generated' },
    rotation: { type: 'ON_DEMAND', startedAt: addDays(BIRTH, 85), takesEffectAt },
  })
  expect(deadlines(rotating)).toStrictEqual([
    { at: takesEffectAt, due: { type: 'CompleteRotation' } },
    { at: takesEffectAt, due: { type: 'Rotate' } },
  ])
  const another: Command = { ...rotate, materialId: materialOf(2) }
  expect(refusalOf(rotating, another, addDays(BIRTH, 86))).toBe('RotationInProgress')
  expect(refusalOf(rotating, { type: 'CompleteRotation' }, takesEffectAt - 1)).toBe('NotDue')
  const done = step(rotating, { type: 'CompleteRotation' }, takesEffectAt)
  expect(done.pending).toBeUndefined()
  expect(done.versions.at(-1)?.rotation).toStrictEqual({ type: 'ON_DEMAND', date: takesEffectAt })
  expect(nextDeadline(done)).toStrictEqual({ at: takesEffectAt, due: { type: 'Rotate' } })
})

test('what is pending is everywhere when nobody lacks it', () => {
  const life = (material: 'Imported' | 'Missing'): KeyLife => ({
    ...importedLife(),
    pending: { materialId: materialOf(1), material: { type: material } },
  })
  expect(isPendingEverywhere(importedLife(), [])).toBe(false)
  expect(isPendingEverywhere(life('Imported'), [])).toBe(true)
  expect(isPendingEverywhere(life('Missing'), [])).toBe(false)
  expect(isPendingEverywhere(life('Imported'), [life('Imported')])).toBe(true)
  expect(isPendingEverywhere(life('Imported'), [life('Imported'), life('Missing')])).toBe(false)
})

test('a single-Region key follows nobody, and nobody follows it', () => {
  const single = newLife()
  const replica = enabledReplica()
  expect(followPrimary(single, primaryLife())).toBe(single)
  expect(followPrimary(replica, single)).toBe(replica)
})
