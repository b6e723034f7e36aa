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
  const held = presenceOf(before)
  const wanted = after === undefined ? new Map<string, boolean>() : presenceOf(after)
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

/** Whether the material of each version is there, by its id. */
function presenceOf({ versions, pending }: KeyLife): Map<string, boolean> {
  const all: (KeyVersion | PendingVersion)[] = pending === undefined ? [...versions] : [...versions, pending]
  return new Map(all.map(({ materialId, material }) => [materialId, material.type !== 'Missing']))
}
