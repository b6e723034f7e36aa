/**
 * Laws of a key's life under any sequence of commands, whatever kind of key it is.
 *
 * @covers KMS key-states; crypto-details §8 to §10
 */
import {
  type Command,
  type KeyLife,
  type KeyVersion,
  ON_DEMAND_ROTATION_LIMIT,
  countOnDemandRotations,
  currentVersion,
  deadlines,
  findVersion,
  materialIdsOf,
  nextDeadline,
  transition,
} from '@softkms/lifecycle'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Look, beginning, dueCommand, moves, walk } from '../support/life-walks.ts'
import { runs } from '../support/runs.ts'

function eachStep(look: (step: Look) => void): void {
  fc.assert(
    fc.property(beginning, moves, (life, path) => walk(life, path, look)),
    { numRuns: runs(500, 10_000) },
  )
}

const ROTATING: readonly Command['type'][] = ['Rotate', 'RotateToImported', 'CompleteRotation']
const IMPORTING: readonly Command['type'][] = ['ImportNew', 'ImportExisting']
const LOSING: readonly Command['type'][] = ['DeleteMaterial', 'ExpireMaterial']

test('no version is ever lost: only rotations and a first import add one, at the end', () => {
  eachStep(({ before, command, after }) => {
    if (after === undefined) return
    const ids = before.versions.map(({ materialId }) => materialId)
    expect(after.versions.slice(0, ids.length).map(({ materialId }) => materialId)).toEqual(ids)
    const added = after.versions.slice(ids.length)
    expect(added.length).toBeLessThanOrEqual(1)
    for (const version of added) {
      const isFirst = command.type === 'ImportNew' && ids.length === 0
      expect(isFirst || ROTATING.includes(command.type)).toBe(true)
      expect(version.rotation === undefined).toBe(isFirst)
      if ('materialId' in command) expect(version.materialId).toBe(command.materialId)
      else expect(version.materialId).toBe(before.pending?.materialId)
    }
    expect(new Set(materialIdsOf(after)).size).toBe(materialIdsOf(after).length)
    expect(countOnDemandRotations(after)).toBeLessThanOrEqual(ON_DEMAND_ROTATION_LIMIT)
  })
})

test('no version is changed but by what the command says of it', () => {
  eachStep(({ before, command, after }) => {
    for (const [index, version] of (after === undefined ? [] : before.versions).entries()) {
      expect(after?.versions[index]).toStrictEqual(versionAfter(version, command, before !== after))
    }
  })
})

function versionAfter(version: KeyVersion, command: Command, isAccepted: boolean): KeyVersion {
  if (!isAccepted || !('materialId' in command) || command.materialId !== version.materialId) return version
  if (LOSING.includes(command.type)) return { ...version, material: { type: 'Missing' } }
  if (command.type !== 'ImportExisting') return version
  const { validTo, description } = command
  return {
    ...version,
    material: { type: 'Imported', ...(validTo === undefined ? {} : { validTo }) },
    ...(description === undefined ? {} : { description }),
  }
}

test('what is pending comes with an import or a rotation, and goes with a rotation or its material', () => {
  eachStep(({ before, command, after }) => {
    const [had, has] = [before.pending, after?.pending]
    if (after === undefined || had === has) return
    if (had === undefined) expect(['ImportNew', 'Rotate']).toContain(command.type)
    else if (has === undefined) expect([...ROTATING, ...LOSING, 'Rotate']).toContain(command.type)
    else expect([...IMPORTING, ...LOSING, 'Rotate']).toContain(command.type)
    // It becomes current or is forgotten; there is no third way.
    const isForgotten = had !== undefined && findVersion(after, had.materialId) === undefined
    if (isForgotten && command.type !== 'Rotate') expect(LOSING).toContain(command.type)
  })
})

test('whatever is due can be done when it is due, and not before, and then is due no more', () => {
  eachStep(({ after }) => {
    const deadline = after && nextDeadline(after)
    if (after === undefined || deadline === undefined) return
    const due = dueCommand(deadline, 'new')
    expect(transition(after, due, deadline.at - 1)).toStrictEqual({ type: 'refused', reason: 'NotDue' })
    const outcome = transition(after, due, deadline.at)
    expect(outcome.type).toBe(due.type === 'CompleteDeletion' ? 'ended' : 'accepted')
    if (outcome.type !== 'accepted') return
    expect(deadlines(outcome.next)).not.toContainEqual(deadline)
    // What comes next comes later, or at the same time.
    expect(nextDeadline(outcome.next)?.at ?? Infinity).toBeGreaterThanOrEqual(deadline.at)
  })
})

test('deadlines are sorted, and the first of them is the next', () => {
  eachStep(({ after }) => {
    const all = after === undefined ? [] : deadlines(after)
    const instants = all.map(({ at }) => at)
    expect(instants).toEqual(instants.toSorted((a, b) => a - b))
    expect(after && nextDeadline(after)).toStrictEqual(all[0])
  })
})

test('a refusal leaves the life as it is', () => {
  fc.assert(
    fc.property(beginning, moves, (life, path) => {
      let copy: KeyLife = structuredClone(life)
      walk(life, path, ({ before, outcome, after }) => {
        // Frozen to the core, so that whatever changed it would have thrown; equal it must be all the same.
        expect(before).toStrictEqual(copy)
        if (outcome.type === 'refused') expect(after).toBe(before)
        copy = structuredClone(after ?? before)
      })
    }),
    { numRuns: runs(500, 10_000) },
  )
})

test('the effects say exactly what becomes of the material', () => {
  eachStep(({ before, outcome, after }) => {
    if (outcome.type === 'refused') return
    const held = presenceOf(before)
    for (const effect of outcome.effects) {
      const { materialId } = effect
      switch (effect.type) {
        case 'KeepMaterial':
          expect(held.get(materialId)).not.toBe(true)
          held.set(materialId, true)
          break
        case 'AwaitMaterial':
          expect(held.has(materialId)).toBe(false)
          held.set(materialId, false)
          break
        case 'DestroyMaterial':
          expect(held.has(materialId)).toBe(true)
          if (effect.isForgotten) held.delete(materialId)
          else held.set(materialId, false)
          break
        case 'ActivateMaterial':
          expect(materialId).toBe(after && currentVersion(after)?.materialId)
          break
        default:
          effect satisfies never
      }
    }
    expect(held).toEqual(after === undefined ? new Map() : presenceOf(after))
    const isMoved = after !== undefined && currentVersion(after)?.materialId !== currentVersion(before)?.materialId
    expect(outcome.effects.some(({ type }) => type === 'ActivateMaterial')).toBe(isMoved)
  })
})

function presenceOf(life: KeyLife): Map<string, boolean> {
  return new Map(materialIdsOf(life).map((id) => [id, findVersion(life, id)?.material.type !== 'Missing']))
}

test('a key that rotates again is never due in the past, and never later than it was', () => {
  eachStep(({ before, command, after, now }) => {
    if (after === undefined || before.state.name === 'Enabled' || after.state.name !== 'Enabled') return
    // No key has both a schedule and imported material; the engine sees to that.
    if (IMPORTING.includes(command.type)) return
    const [had, has] = [before.rotation, after.rotation]
    if (!had.isEnabled || !has.isEnabled) return
    const isReplica = after.multiRegion !== undefined && after.multiRegion.region !== after.multiRegion.primaryRegion
    if (isReplica) expect(has).toStrictEqual(had)
    else expect(has.nextRotationDate).toBe(Math.max(had.nextRotationDate, now))
  })
})

test('only what is about rotation, or lets a key rotate again, touches the schedule', () => {
  const touching = new Set<Command['type']>([
    ...(['EnableRotation', 'DisableRotation', 'Rotate', 'CompleteRotation'] as const),
    ...(['Enable', 'Reconnect', 'FinishUpdate'] as const),
  ])
  eachStep(({ before, command, after }) => {
    const isOnDemand = command.type === 'Rotate' && command.rotationType === 'ON_DEMAND'
    const isTouched = JSON.stringify((after ?? before).rotation) !== JSON.stringify(before.rotation)
    expect(isTouched && (isOnDemand || !touching.has(command.type))).toBe(false)
  })
})
