/**
 * What falls due of itself, and when.
 *
 * Nobody waits for a deadline here: whoever holds a clock asks, and performs what is due at the instant it was due.
 */

import type { DueCommand } from './command.ts'
import type { Instant } from './instant.ts'
import type { KeyLife, KeyVersion, PendingVersion } from './key-life.ts'
import { isReplica } from './multi-region.ts'

export interface Deadline {
  readonly at: Instant
  /** The command to give then. New material for a rotation is whoever's who performs it to generate. */
  readonly due: DueCommand | { readonly type: 'Rotate' }
}

/** Everything that is to come for a key as it is now, the earliest first. */
export function deadlines(life: KeyLife): readonly Deadline[] {
  const { pending, versions } = life
  const all: Deadline[] = []
  // What comes at the same instant comes in this order: a rotation that completes before one that begins, the end last.
  if (life.state.name === 'Creating') all.push({ at: life.state.readyAt, due: { type: 'FinishCreation' } })
  if (life.state.name === 'Updating') all.push({ at: life.state.until, due: { type: 'FinishUpdate' } })
  if (pending?.rotation !== undefined) {
    all.push({ at: pending.rotation.takesEffectAt, due: { type: 'CompleteRotation' } })
  }
  for (const version of versions) addExpiry(all, version)
  if (pending !== undefined) addExpiry(all, pending)
  const rotationDate = nextRotationDate(life)
  if (rotationDate !== undefined) all.push({ at: rotationDate, due: { type: 'Rotate' } })
  if (life.state.name === 'PendingDeletion') {
    all.push({ at: life.state.deletionDate, due: { type: 'CompleteDeletion' } })
  }
  return all.toSorted((a, b) => a.at - b.at)
}

/** The next thing that falls due for a key, if anything does. */
export function nextDeadline(life: KeyLife): Deadline | undefined {
  return deadlines(life)[0]
}

/** Makes nothing for the versions without one, of which a key may have thousands. */
function addExpiry(all: Deadline[], { materialId, material }: KeyVersion | PendingVersion): void {
  if (material.type !== 'Imported' || material.validTo === undefined) return
  all.push({ at: material.validTo, due: { type: 'ExpireMaterial', materialId } })
}

/**
 * Nothing rotates but an enabled key; the others make up for it when they are enabled. Replicas follow their primary,
 * and of two rotations the second waits for the first.
 */
function nextRotationDate(life: KeyLife): Instant | undefined {
  const { state, rotation, pending } = life
  if (state.name !== 'Enabled' || !rotation.isEnabled || isReplica(life)) return undefined
  return Math.max(rotation.nextRotationDate, pending?.rotation?.takesEffectAt ?? 0)
}
