/**
 * Rotation: schedules, and how new material becomes current.
 *
 * @spec KMS crypto-details §9; key-states, "Rotation vs. state"
 */

import type { RotationCommand } from './command.ts'
import { type Instant, addDays, assertDays } from './instant.ts'
import { type KeyLife, type PendingVersion, type RotationType, beginLife } from './key-life.ts'
import { isReplica } from './multi-region.ts'
import { type Step, accept, refuse, refuseByState } from './outcome.ts'

export const DEFAULT_ROTATION_PERIOD_DAYS = 365

/** On-demand rotations that one key may ever have. */
export const ON_DEMAND_ROTATION_LIMIT = 25

const MANAGED_ROTATION_PERIOD_DAYS = 365
const MIN_PERIOD_DAYS = 90
const MAX_PERIOD_DAYS = 2560

export type RotationSchedule =
  | { readonly isEnabled: false }
  | {
      readonly isEnabled: true
      /** 90 to 2560. */
      readonly periodInDays: number
      readonly nextRotationDate: Instant
    }

/** A key that AWS manages: it rotates every year from its birth. */
export function beginManagedLife(materialId: string, now: Instant): KeyLife {
  return { ...beginLife(materialId), rotation: scheduleRotation(MANAGED_ROTATION_PERIOD_DAYS, now) }
}

/** @throws RangeError for a period out of range */
export function changeRotation(life: KeyLife, command: RotationCommand, now: Instant): Step {
  switch (command.type) {
    case 'EnableRotation':
      assertDays('periodInDays', command.periodInDays, MIN_PERIOD_DAYS, MAX_PERIOD_DAYS)
      return (
        refuseRotation('EnableKeyRotation', life) ??
        accept({ ...life, rotation: scheduleRotation(command.periodInDays, now) })
      )
    case 'DisableRotation':
      return refuseRotation('DisableKeyRotation', life) ?? accept({ ...life, rotation: { isEnabled: false } })
    case 'Rotate':
      return refuseRotation('RotateKeyOnDemand', life) ?? rotate(life, command, now)
    case 'RotateToImported':
      return refuseRotation('RotateKeyOnDemand', life) ?? rotateToImported(life, now)
    default:
      return command satisfies never
  }
}

/** The material of a rotation that was in progress becomes current. */
export function completeRotation(life: KeyLife, now: Instant): Step {
  const { pending } = life
  if (pending?.rotation === undefined || now < pending.rotation.takesEffectAt) return refuse('NotDue')
  // A rotation that fell due in the meantime follows at once, and not before this one.
  return activate({ ...life, rotation: resumeRotation(life, now) }, pending, pending.rotation.type, now)
}

/** Starts, or starts anew, a schedule: the first rotation comes one period from now. */
function scheduleRotation(periodInDays: number, now: Instant): RotationSchedule {
  return { isEnabled: true, periodInDays, nextRotationDate: addDays(now, periodInDays) }
}

/**
 * A rotation that fell due while the key could not rotate is due at once when it can again. What a replica can do is
 * no matter for the schedule, which is its primary's.
 */
export function resumeRotation(life: KeyLife, now: Instant): RotationSchedule {
  const { rotation } = life
  if (!rotation.isEnabled || rotation.nextRotationDate >= now || isReplica(life)) return rotation
  return { ...rotation, nextRotationDate: now }
}

export function countOnDemandRotations({ versions, pending }: KeyLife): number {
  const begun = pending?.rotation?.type === 'ON_DEMAND' ? 1 : 0
  return begun + versions.filter((version) => version.rotation?.type === 'ON_DEMAND').length
}

/** Replicas follow their primary, and decide nothing about rotation themselves. */
function refuseRotation(
  operation: 'EnableKeyRotation' | 'DisableKeyRotation' | 'RotateKeyOnDemand',
  life: KeyLife,
): Step | undefined {
  return refuseByState(operation, life) ?? (isReplica(life) ? refuse('NotPrimary') : undefined)
}

function rotate(life: KeyLife, command: Extract<RotationCommand, { type: 'Rotate' }>, now: Instant): Step {
  const { rotationType, materialId, takesEffectAt = now } = command
  if (life.pending?.rotation !== undefined) return refuse('RotationInProgress')
  let { rotation } = life
  if (rotationType === 'ON_DEMAND') {
    // An on-demand rotation leaves the schedule where it was.
    if (countOnDemandRotations(life) >= ON_DEMAND_ROTATION_LIMIT) return refuse('OnDemandRotationLimit')
  } else {
    if (!rotation.isEnabled || now < rotation.nextRotationDate) return refuse('NotDue')
    rotation = scheduleRotation(rotation.periodInDays, now)
  }
  const version: PendingVersion = { materialId, material: { type: 'Generated' } }
  if (takesEffectAt <= now) return activate({ ...life, rotation }, version, rotationType, now)
  const pending = { ...version, rotation: { type: rotationType, startedAt: now, takesEffectAt } }
  return accept({ ...life, rotation, pending })
}

function rotateToImported(life: KeyLife, now: Instant): Step {
  if (life.pending?.material.type !== 'Imported') return refuse('NoMaterialPending')
  if (countOnDemandRotations(life) >= ON_DEMAND_ROTATION_LIMIT) return refuse('OnDemandRotationLimit')
  return activate(life, life.pending, 'ON_DEMAND', now)
}

function activate(life: KeyLife, version: PendingVersion, type: RotationType, now: Instant): Step {
  const { pending: _, ...rest } = life
  const current = { ...version, rotation: { type, date: now } }
  return accept({ ...rest, versions: [...life.versions, current] })
}
