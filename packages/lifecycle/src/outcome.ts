/** What comes of a command: the next life with effects, the end, or a refusal. */

import type { Effect } from './effect.ts'
import type { KeyLife } from './key-life.ts'
import { PERMITS, type StateRefusal, type StatefulOperation } from './permits.ts'

export type Refusal =
  | StateRefusal
  | 'OnDemandRotationLimit'
  /** Another rotation has begun and is not yet everywhere. */
  | 'RotationInProgress'
  /** There is nothing to rotate to. */
  | 'NoMaterialPending'
  /** New material waits for its rotation already. */
  | 'AnotherMaterialPending'
  /** The key has, or had, the material that shall be new. */
  | 'MaterialNotNew'
  | 'UnknownMaterial'
  | 'NotPrimary'
  | 'ReplicaExists'
  | 'UnknownReplica'
  /** Nothing of the kind has fallen due. */
  | 'NotDue'

export type Outcome =
  | { readonly type: 'accepted'; readonly next: KeyLife; readonly effects: readonly Effect[] }
  /** The key is gone. */
  | { readonly type: 'ended'; readonly effects: readonly Effect[] }
  | { readonly type: 'refused'; readonly reason: Refusal }

/** An outcome whose effects are yet to be derived. */
export type Step =
  | { readonly type: 'accepted'; readonly next: KeyLife }
  | { readonly type: 'ended' }
  | { readonly type: 'refused'; readonly reason: Refusal }

export function accept(next: KeyLife): Step {
  return { type: 'accepted', next }
}

export function refuse(reason: Refusal): Step {
  return { type: 'refused', reason }
}

/** @returns the refusal of an operation by the state, or `undefined` when the state allows it */
export function refuseByState(operation: StatefulOperation, { state }: KeyLife): Step | undefined {
  const verdict = PERMITS[operation][state.name]
  return verdict === 'ok' ? undefined : refuse(verdict)
}
