/**
 * Everything about a key that changes with time: its state, its rotation schedule, its versions of material, the other
 * Regions that it is in.
 *
 * A plain value. Versions are named by their KeyMaterialId; the material itself is the HSM's.
 *
 * @spec KMS crypto-details §8 to §10
 */

import type { Instant } from './instant.ts'
import type { MultiRegionSet } from './multi-region.ts'
import type { RotationSchedule } from './rotation.ts'
import type { KeyState } from './state.ts'

export type RotationType = 'AUTOMATIC' | 'ON_DEMAND'

/** What there is of a version's material. */
export type Material =
  /** Made by the HSM, there as long as the key is. */
  | { readonly type: 'Generated' }
  | {
      readonly type: 'Imported'
      /** When it is destroyed; absent when it does not expire. */
      readonly validTo?: Instant
    }
  /** Imported once, here or in the primary Region, and not there now. */
  | { readonly type: 'Missing' }

export interface KeyVersion {
  /** 64 lower-case hexadecimal digits. */
  readonly materialId: string
  readonly material: Material
  /** What whoever imported the material says of it. */
  readonly description?: string
  /** Present on every version but the first: how and when it became current. */
  readonly rotation?: { readonly type: RotationType; readonly date: Instant }
}

/** Material that is to become current, and is not yet. */
export interface PendingVersion extends Omit<KeyVersion, 'rotation'> {
  /** Of a rotation that has begun: it takes effect once every replica has the material. */
  readonly rotation?: { readonly type: RotationType; readonly startedAt: Instant; readonly takesEffectAt: Instant }
}

export interface KeyLife {
  readonly state: KeyState
  readonly rotation: RotationSchedule
  /** Oldest first. The last is current: it encrypts. All of them decrypt. Empty until the first import. */
  readonly versions: readonly KeyVersion[]
  /** At most one at a time. */
  readonly pending?: PendingVersion
  /** Of multi-Region keys alone. */
  readonly multiRegion?: MultiRegionSet
}

/** A key as it is born with material that the HSM made: enabled, not rotating. */
export function beginLife(materialId: string): KeyLife {
  return {
    state: { name: 'Enabled' },
    rotation: { isEnabled: false },
    versions: [{ materialId, material: { type: 'Generated' } }],
  }
}

/** A key whose material is yet to be imported. */
export function beginLifeForImport(): KeyLife {
  return { state: { name: 'PendingImport' }, rotation: { isEnabled: false }, versions: [] }
}

/** @returns the version that encrypts, or `undefined` while nothing was ever imported */
export function currentVersion(life: KeyLife): KeyVersion | undefined {
  return life.versions.at(-1)
}

/** A version by its id, the pending one included. */
export function findVersion(life: KeyLife, materialId: string): KeyVersion | PendingVersion | undefined {
  if (life.pending?.materialId === materialId) return life.pending
  return life.versions.find((version) => version.materialId === materialId)
}

/** Every material that the key ever had and did not lose for good, the pending one last. */
export function materialIdsOf({ versions, pending }: KeyLife): readonly string[] {
  const ids = versions.map((version) => version.materialId)
  return pending === undefined ? ids : [...ids, pending.materialId]
}

/** Whether the key can be used as far as its material goes: one version that is missing is enough to say no. */
export function hasAllMaterial({ versions }: KeyLife): boolean {
  return versions.length > 0 && versions.every(({ material }) => material.type !== 'Missing')
}
