/**
 * Moves a key one step through its life. Reads no clock, writes no store, generates nothing.
 *
 * @spec KMS key-states
 */

import type { Command } from './command.ts'
import { type Instant, addDays, assertDays } from './instant.ts'
import type { KeyLife, KeyVersion } from './key-life.ts'
import { PERMITS, type StateRefusal, type StatefulOperation } from './permits.ts'
import {
  ON_DEMAND_ROTATION_LIMIT,
  type RotationSchedule,
  countOnDemandRotations,
  resumeRotation,
  scheduleRotation,
} from './rotation.ts'
import type { KeyState } from './state.ts'

export type Refusal = StateRefusal | 'OnDemandRotationLimit' | 'NotDue'

/** What must be committed alongside the next state. */
export type Effect =
  /** This version encrypts from now on. */
  | { readonly type: 'ActivateMaterial'; readonly materialId: string }
  /** These materials are destroyed, for good. */
  | { readonly type: 'DestroyMaterial'; readonly materialIds: readonly string[] }

export type Outcome =
  | { readonly type: 'accepted'; readonly next: KeyLife; readonly effects: readonly Effect[] }
  /** The key is gone. */
  | { readonly type: 'ended'; readonly effects: readonly Effect[] }
  | { readonly type: 'refused'; readonly reason: Refusal }

/** @spec KMS key-states, "Deletion" */
const MIN_WINDOW_DAYS = 7
const MAX_WINDOW_DAYS = 30
/** @spec KMS crypto-details §9 */
const MIN_PERIOD_DAYS = 90
const MAX_PERIOD_DAYS = 2560

/**
 * @returns the next life with the effects to commit alongside it, or why not.
 * A refusal leaves `life` exactly as it was.
 * @throws RangeError for a number of days out of range
 */
export function transition(life: KeyLife, command: Command, now: Instant): Outcome {
  const { state } = life
  switch (command.type) {
    case 'Enable':
      return (
        refuse('EnableKey', state) ??
        accept({ ...life, state: { name: 'Enabled' }, rotation: resumeRotation(life.rotation, now) })
      )
    case 'Disable':
      return refuse('DisableKey', state) ?? accept({ ...life, state: { name: 'Disabled' } })
    case 'ScheduleDeletion': {
      assertDays('pendingWindowInDays', command.pendingWindowInDays, MIN_WINDOW_DAYS, MAX_WINDOW_DAYS)
      const deletionDate = addDays(now, command.pendingWindowInDays)
      return (
        refuse('ScheduleKeyDeletion', state) ?? accept({ ...life, state: { name: 'PendingDeletion', deletionDate } })
      )
    }
    case 'CancelDeletion':
      return refuse('CancelKeyDeletion', state) ?? accept({ ...life, state: { name: 'Disabled' } })
    case 'CompleteDeletion':
      if (state.name !== 'PendingDeletion') return { type: 'refused', reason: 'NotPendingDeletion' }
      if (now < state.deletionDate) return { type: 'refused', reason: 'NotDue' }
      return { type: 'ended', effects: [{ type: 'DestroyMaterial', materialIds: materialIdsOf(life) }] }
    case 'EnableRotation': {
      assertDays('periodInDays', command.periodInDays, MIN_PERIOD_DAYS, MAX_PERIOD_DAYS)
      const rotation = scheduleRotation(command.periodInDays, now)
      return refuse('EnableKeyRotation', state) ?? accept({ ...life, rotation })
    }
    case 'DisableRotation':
      return refuse('DisableKeyRotation', state) ?? accept({ ...life, rotation: { isEnabled: false } })
    case 'Rotate':
      return refuse('RotateKeyOnDemand', state) ?? rotate(life, command, now)
    default:
      return command satisfies never
  }
}

function rotate(life: KeyLife, command: Extract<Command, { type: 'Rotate' }>, now: Instant): Outcome {
  const { rotationType, materialId } = command
  let rotation: RotationSchedule = life.rotation
  if (rotationType === 'ON_DEMAND') {
    // An on-demand rotation leaves the schedule where it was.
    if (countOnDemandRotations(life) >= ON_DEMAND_ROTATION_LIMIT) {
      return { type: 'refused', reason: 'OnDemandRotationLimit' }
    }
  } else {
    if (!rotation.isEnabled || now < rotation.nextRotationDate) return { type: 'refused', reason: 'NotDue' }
    rotation = scheduleRotation(rotation.periodInDays, now)
  }
  const version: KeyVersion = { materialId, rotation: { type: rotationType, date: now } }
  return {
    type: 'accepted',
    next: { ...life, rotation, versions: [...life.versions, version] },
    effects: [{ type: 'ActivateMaterial', materialId }],
  }
}

function refuse(operation: StatefulOperation, state: KeyState): Outcome | undefined {
  const verdict = PERMITS[operation][state.name]
  return verdict === 'ok' ? undefined : { type: 'refused', reason: verdict }
}

function accept(next: KeyLife): Outcome {
  return { type: 'accepted', next, effects: [] }
}

function materialIdsOf(life: KeyLife): readonly string[] {
  return life.versions.map((version) => version.materialId)
}
