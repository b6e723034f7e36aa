/**
 * Rotation schedules: when the next automatic rotation falls due.
 *
 * @spec KMS crypto-details §9
 */

import { type Instant, addDays } from './instant.ts'
import type { KeyLife } from './key-life.ts'

export const DEFAULT_ROTATION_PERIOD_DAYS = 365

/** On-demand rotations that one key may ever have. */
export const ON_DEMAND_ROTATION_LIMIT = 25

export type RotationSchedule =
  | { readonly isEnabled: false }
  | {
      readonly isEnabled: true
      /** 90 to 2560. */
      readonly periodInDays: number
      readonly nextRotationDate: Instant
    }

/** Starts, or starts anew, a schedule: the first rotation comes one period from now. */
export function scheduleRotation(periodInDays: number, now: Instant): RotationSchedule {
  return { isEnabled: true, periodInDays, nextRotationDate: addDays(now, periodInDays) }
}

/** A rotation that fell due while the key could not rotate is due at once when it can again. */
export function resumeRotation(schedule: RotationSchedule, now: Instant): RotationSchedule {
  if (!schedule.isEnabled || schedule.nextRotationDate >= now) return schedule
  return { ...schedule, nextRotationDate: now }
}

export function countOnDemandRotations(life: KeyLife): number {
  return life.versions.filter((version) => version.rotation?.type === 'ON_DEMAND').length
}
