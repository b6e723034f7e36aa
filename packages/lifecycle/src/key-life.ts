/**
 * Everything about a key that changes with time: its state, its rotation schedule, its versions of material.
 *
 * A plain value. Versions are named by their KeyMaterialId; the material itself is the HSM's.
 */

import type { Instant } from './instant.ts'
import type { RotationSchedule } from './rotation.ts'
import type { KeyState } from './state.ts'

export type RotationType = 'AUTOMATIC' | 'ON_DEMAND'

export interface KeyVersion {
  /** 64 lower-case hexadecimal digits. */
  readonly materialId: string
  /** Present on every version but the first: how and when it became current. */
  readonly rotation?: { readonly type: RotationType; readonly date: Instant }
}

export interface KeyLife {
  readonly state: KeyState
  readonly rotation: RotationSchedule
  /** Oldest first, never empty. The last is current: it encrypts. All of them decrypt. */
  readonly versions: readonly [KeyVersion, ...KeyVersion[]]
}

/** A key as it is born: enabled, with its first material, not rotating. */
export function beginLife(materialId: string): KeyLife {
  return { state: { name: 'Enabled' }, rotation: { isEnabled: false }, versions: [{ materialId }] }
}

export function currentVersion(life: KeyLife): KeyVersion {
  return life.versions.at(-1) ?? life.versions[0]
}
