/** What must be committed alongside a key's next life: which material is kept, awaited, destroyed. */

import { type KeyLife, type KeyVersion, type PendingVersion, currentVersion } from './key-life.ts'

export type Effect =
  /** The material is there from now on. */
  | { readonly type: 'KeepMaterial'; readonly materialId: string }
  /** The key has a version of this name whose material is not there. */
  | { readonly type: 'AwaitMaterial'; readonly materialId: string }
  /** This version encrypts from now on. */
  | { readonly type: 'ActivateMaterial'; readonly materialId: string }
  /** The material is destroyed. */
  | {
      readonly type: 'DestroyMaterial'
      readonly materialId: string
      /** Whether the name of the material goes too, so that it never comes back. */
      readonly isForgotten: boolean
    }

/** @param after the next life; `undefined` when the life has ended */
export function effectsOf(before: KeyLife, after: KeyLife | undefined): readonly Effect[] {
  const effects: Effect[] = []
  const shared = after === undefined ? 0 : countShared(before, after)
  const held = presenceOf(before, shared)
  const wanted = after === undefined ? new Map<string, boolean>() : presenceOf(after, shared)
  for (const [materialId, isPresent] of wanted) {
    if (isPresent && held.get(materialId) !== true) effects.push({ type: 'KeepMaterial', materialId })
    if (!isPresent && !held.has(materialId)) effects.push({ type: 'AwaitMaterial', materialId })
  }
  for (const [materialId, wasPresent] of held) {
    const isForgotten = !wanted.has(materialId)
    const isLost = wasPresent && wanted.get(materialId) === false
    if (isForgotten || isLost) effects.push({ type: 'DestroyMaterial', materialId, isForgotten })
  }
  const current = after && currentVersion(after)
  if (current !== undefined && current.materialId !== currentVersion(before)?.materialId) {
    effects.push({ type: 'ActivateMaterial', materialId: current.materialId })
  }
  return effects
}

/**
 * How many of the oldest versions are the very same ones before and after, and so need no look. A key that rotates for
 * thousands of years has tens of thousands of them, and a step changes one or two.
 */
function countShared(before: KeyLife, after: KeyLife): number {
  const first = after.versions.findIndex((version, number) => version !== before.versions[number])
  return first === -1 ? after.versions.length : first
}

/** Whether the material of each version is there, by its id; of those from `start` on. */
function presenceOf({ versions, pending }: KeyLife, start: number): Map<string, boolean> {
  const all: (KeyVersion | PendingVersion)[] = versions.slice(start)
  if (pending !== undefined) all.push(pending)
  return new Map(all.map(({ materialId, material }) => [materialId, material.type !== 'Missing']))
}
