/**
 * Versions of material, and the schedule by which new ones come.
 *
 * @covers KMS crypto-details §9; key-states, "Rotation vs. state"
 */
import {
  type Command,
  DEFAULT_ROTATION_PERIOD_DAYS,
  type KeyLife,
  ON_DEMAND_ROTATION_LIMIT,
  addDays,
  beginLife,
  beginManagedLife,
  countOnDemandRotations,
  currentVersion,
  nextDeadline,
  transition,
} from '@softkms/lifecycle'
import { expect, test } from 'vitest'
import { BIRTH, FIRST_MATERIAL, importedLife, materialOf, newLife, step } from '../support/key-lives.ts'

function rotate(rotationType: 'AUTOMATIC' | 'ON_DEMAND', version: number): Command {
  return { type: 'Rotate', rotationType, materialId: materialOf(version) }
}

function scheduled(periodInDays: number): KeyLife {
  return step(newLife(), { type: 'EnableRotation', periodInDays })
}

function dueOf(life: KeyLife): number | undefined {
  return nextDeadline(life)?.at
}

test('rotation appends: the new version is current, every earlier one stays as it was', () => {
  let life = newLife()
  for (let version = 1; version <= 10; version++) {
    const next = step(life, rotate('ON_DEMAND', version), addDays(BIRTH, version))
    expect(next.versions).toHaveLength(version + 1)
    expect(next.versions.slice(0, -1)).toStrictEqual(life.versions)
    expect(currentVersion(next)).toStrictEqual({
      materialId: materialOf(version),
      material: { type: 'Generated' },
      rotation: { type: 'ON_DEMAND', date: addDays(BIRTH, version) },
    })
    life = next
  }
  expect(life.versions[0]).toStrictEqual({ materialId: FIRST_MATERIAL, material: { type: 'Generated' } })
})

test('rotation says which material to activate, and destroys none', () => {
  expect(transition(newLife(), rotate('ON_DEMAND', 1), BIRTH)).toMatchObject({
    type: 'accepted',
    effects: [
      { type: 'KeepMaterial', materialId: materialOf(1) },
      { type: 'ActivateMaterial', materialId: materialOf(1) },
    ],
  })
})

test('the only version is the current one', () => {
  expect(currentVersion(beginLife(FIRST_MATERIAL))).toStrictEqual({
    materialId: FIRST_MATERIAL,
    material: { type: 'Generated' },
  })
})

test.each([90, 365, 2560])('with a period of %s days, the first rotation comes one period from now', (periodInDays) => {
  const life = scheduled(periodInDays)
  const nextRotationDate = BIRTH + periodInDays * 24 * 60 * 60 * 1000
  expect(life.rotation).toStrictEqual({ isEnabled: true, periodInDays, nextRotationDate })
  expect(nextDeadline(life)).toStrictEqual({ at: nextRotationDate, due: { type: 'Rotate' } })
})

test('a year, where nobody says how long', () => {
  expect(DEFAULT_ROTATION_PERIOD_DAYS).toBe(365)
})

test.each([89, 2561, 0, -90, 90.5, Number.NaN, '365', undefined])('a period of %s days is refused', (periodInDays) => {
  const command = { type: 'EnableRotation', periodInDays } as Command
  expect(() => transition(newLife(), command, BIRTH)).toThrow(new RangeError('periodInDays must be 90 to 2560'))
})

test('an automatic rotation comes when it is due, and not a millisecond early', () => {
  const life = scheduled(90)
  const due = addDays(BIRTH, 90)
  const refusal = { type: 'refused', reason: 'NotDue' }
  expect(transition(life, rotate('AUTOMATIC', 1), due - 1)).toStrictEqual(refusal)
  const rotated = step(life, rotate('AUTOMATIC', 1), due)
  expect(currentVersion(rotated)?.rotation).toStrictEqual({ type: 'AUTOMATIC', date: due })
  expect(dueOf(rotated)).toBe(addDays(BIRTH, 180))
})

test('without a schedule nothing is due', () => {
  expect(nextDeadline(newLife())).toBeUndefined()
  expect(transition(newLife(), rotate('AUTOMATIC', 1), addDays(BIRTH, 10_000))).toStrictEqual({
    type: 'refused',
    reason: 'NotDue',
  })
})

test('ten years of automatic rotations, one a year', () => {
  let life = scheduled(365)
  for (let year = 1; year <= 10; year++) {
    const due = dueOf(life) ?? 0
    expect(due).toBe(addDays(BIRTH, 365 * year))
    life = step(life, rotate('AUTOMATIC', year), due)
  }
  expect(life.versions).toHaveLength(11)
})

test('a rotation on demand leaves the schedule where it was', () => {
  const life = scheduled(365)
  const rotated = step(life, rotate('ON_DEMAND', 1), addDays(BIRTH, 364))
  expect(rotated.rotation).toStrictEqual(life.rotation)
  expect(step(newLife(), rotate('ON_DEMAND', 1)).rotation).toStrictEqual({ isEnabled: false })
})

test('enabled again, the schedule counts from now, with the new period', () => {
  const again = step(scheduled(365), { type: 'EnableRotation', periodInDays: 90 }, addDays(BIRTH, 10))
  expect(again.rotation).toStrictEqual({ isEnabled: true, periodInDays: 90, nextRotationDate: addDays(BIRTH, 100) })
})

test('stopped, nothing is due, and nothing of the schedule is kept', () => {
  const stopped = step(scheduled(365), { type: 'DisableRotation' }, addDays(BIRTH, 10))
  expect(stopped.rotation).toStrictEqual({ isEnabled: false })
  expect(nextDeadline(stopped)).toBeUndefined()
  expect(step(stopped, { type: 'DisableRotation' }).rotation).toStrictEqual({ isEnabled: false })
})

test('25 rotations on demand and no more; automatic ones do not count, and still come', () => {
  let life = step(scheduled(90), rotate('AUTOMATIC', 1), addDays(BIRTH, 90))
  for (let version = 2; version < 2 + 25; version++) life = step(life, rotate('ON_DEMAND', version), addDays(BIRTH, 91))
  expect(ON_DEMAND_ROTATION_LIMIT).toBe(25)
  expect(countOnDemandRotations(life)).toBe(25)
  expect(transition(life, rotate('ON_DEMAND', 99), addDays(BIRTH, 91))).toStrictEqual({
    type: 'refused',
    reason: 'OnDemandRotationLimit',
  })
  const rotated = step(life, rotate('AUTOMATIC', 99), addDays(BIRTH, 180))
  expect(rotated.versions).toHaveLength(28)
})

test('while the key is disabled its schedule stands still and nothing is due', () => {
  const life = scheduled(365)
  const disabled = step(life, { type: 'Disable' }, addDays(BIRTH, 1))
  expect(disabled.rotation).toStrictEqual(life.rotation)
  expect(nextDeadline(disabled)).toBeUndefined()
  expect(transition(disabled, rotate('AUTOMATIC', 1), addDays(BIRTH, 365))).toStrictEqual({
    type: 'refused',
    reason: 'Disabled',
  })
})

test('enabled again before it was due, the old schedule goes on', () => {
  const disabled = step(scheduled(365), { type: 'Disable' }, addDays(BIRTH, 1))
  for (const now of [addDays(BIRTH, 364), addDays(BIRTH, 365)]) {
    expect(dueOf(step(disabled, { type: 'Enable' }, now))).toBe(addDays(BIRTH, 365))
  }
})

test('enabled again after it was due, the rotation is due at once, and the next one period from then', () => {
  const disabled = step(scheduled(365), { type: 'Disable' }, addDays(BIRTH, 1))
  const now = addDays(BIRTH, 500)
  const enabled = step(disabled, { type: 'Enable' }, now)
  expect(nextDeadline(enabled)).toStrictEqual({ at: now, due: { type: 'Rotate' } })
  expect(dueOf(step(enabled, rotate('AUTOMATIC', 1), now))).toBe(addDays(now, 365))
})

test('a rotation missed while deletion was pending is due when the key is enabled again, not before', () => {
  const pending = step(scheduled(90), { type: 'ScheduleDeletion', pendingWindowInDays: 30 }, addDays(BIRTH, 80))
  expect(nextDeadline(pending)).toStrictEqual({ at: addDays(BIRTH, 110), due: { type: 'CompleteDeletion' } })
  const cancelled = step(pending, { type: 'CancelDeletion' }, addDays(BIRTH, 100))
  expect(cancelled.rotation).toStrictEqual(pending.rotation)
  expect(nextDeadline(cancelled)).toBeUndefined()
  const enabled = step(cancelled, { type: 'Enable' }, addDays(BIRTH, 101))
  expect(nextDeadline(enabled)).toStrictEqual({ at: addDays(BIRTH, 101), due: { type: 'Rotate' } })
})

test('a rotation that is not missed comes on its day though a deletion was pending in between', () => {
  const pending = step(scheduled(90), { type: 'ScheduleDeletion', pendingWindowInDays: 7 }, addDays(BIRTH, 10))
  const cancelled = step(pending, { type: 'CancelDeletion' }, addDays(BIRTH, 12))
  expect(dueOf(step(cancelled, { type: 'Enable' }, addDays(BIRTH, 12)))).toBe(addDays(BIRTH, 90))
})

test('a schedule that was stopped stays stopped through disabling and enabling', () => {
  const disabled = step(newLife(), { type: 'Disable' })
  expect(step(disabled, { type: 'Enable' }, addDays(BIRTH, 9999)).rotation).toStrictEqual({ isEnabled: false })
})

test('deletion comes before any rotation, whatever was due first', () => {
  const life = scheduled(90)
  const pending = step(life, { type: 'ScheduleDeletion', pendingWindowInDays: 30 }, addDays(BIRTH, 89))
  expect(nextDeadline(life)?.due.type).toBe('Rotate')
  expect(nextDeadline(pending)).toStrictEqual({ at: addDays(BIRTH, 119), due: { type: 'CompleteDeletion' } })
})

test('a key that AWS manages is born with a schedule of a year', () => {
  expect(beginManagedLife(FIRST_MATERIAL, BIRTH)).toStrictEqual({
    ...beginLife(FIRST_MATERIAL),
    rotation: { isEnabled: true, periodInDays: 365, nextRotationDate: addDays(BIRTH, 365) },
  })
})

test('an automatic rotation that takes its time moves the schedule when it begins', () => {
  const due = addDays(BIRTH, 90)
  const command: Command = {
    type: 'Rotate',
    rotationType: 'AUTOMATIC',
    materialId: materialOf(1),
    takesEffectAt: addDays(due, 1),
  }
  const rotating = step(scheduled(90), command, due)
  expect(rotating.rotation).toMatchObject({ nextRotationDate: addDays(due, 90) })
  expect(rotating.pending?.rotation?.type).toBe('AUTOMATIC')
  expect(countOnDemandRotations(rotating)).toBe(0)
})

test('a rotation on demand counts from its beginning', () => {
  const rotating = step(newLife(), { ...rotate('ON_DEMAND', 1), takesEffectAt: addDays(BIRTH, 1) } as Command)
  expect(rotating.versions).toHaveLength(1)
  expect(countOnDemandRotations(rotating)).toBe(1)
})

test('25 rotations to imported material and no more', () => {
  let life = importedLife()
  for (let version = 1; version <= 25; version++) {
    life = step(step(life, { type: 'ImportNew', materialId: materialOf(version) }), { type: 'RotateToImported' })
  }
  const pending = step(life, { type: 'ImportNew', materialId: materialOf(26) })
  expect(transition(pending, { type: 'RotateToImported' }, BIRTH)).toStrictEqual({
    type: 'refused',
    reason: 'OnDemandRotationLimit',
  })
})
