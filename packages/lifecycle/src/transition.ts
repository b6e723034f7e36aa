/**
 * Moves a key one step through its life. Reads no clock, writes no store, generates nothing.
 *
 * @spec KMS key-states
 */

import type { Command, DueCommand, KeyStoreCommand, MultiRegionCommand } from './command.ts'
import { effectsOf } from './effect.ts'
import { changeImported, expireMaterial } from './import.ts'
import { type Instant, addDays, assertDays } from './instant.ts'
import { type KeyLife, hasAllMaterial } from './key-life.ts'
import { isReplica, movePrimary, regionsOf } from './multi-region.ts'
import { type Outcome, type Step, accept, refuse, refuseByState } from './outcome.ts'
import { changeRotation, completeRotation, resumeRotation } from './rotation.ts'
import type { KeyState } from './state.ts'

/** @spec KMS key-states, "Deletion" */
const MIN_WINDOW_DAYS = 7
const MAX_WINDOW_DAYS = 30

/**
 * @returns the next life with the effects to commit alongside it, or why not.
 * A refusal leaves `life` exactly as it was.
 * @throws RangeError for a number of days out of range
 */
export function transition(life: KeyLife, command: Command, now: Instant): Outcome {
  const step = takeStep(life, command, now)
  switch (step.type) {
    case 'accepted':
      return { ...step, effects: effectsOf(life, step.next) }
    case 'ended':
      return { ...step, effects: effectsOf(life, undefined) }
    case 'refused':
      return step
    default:
      return step satisfies never
  }
}

function takeStep(life: KeyLife, command: Command, now: Instant): Step {
  switch (command.type) {
    case 'Enable':
      return refuseByState('EnableKey', life) ?? accept(enable(life, now))
    case 'Disable':
      return refuseByState('DisableKey', life) ?? accept(disable(life))
    case 'ScheduleDeletion':
      assertDays('pendingWindowInDays', command.pendingWindowInDays, MIN_WINDOW_DAYS, MAX_WINDOW_DAYS)
      return (
        refuseByState('ScheduleKeyDeletion', life) ??
        accept({ ...life, state: dyingState(life, command.pendingWindowInDays, now) })
      )
    case 'CancelDeletion':
      // A key that lacks material cannot become one that could be enabled without it.
      return (
        refuseByState('CancelKeyDeletion', life) ??
        accept({ ...life, state: { name: hasAllMaterial(life) ? 'Disabled' : 'PendingImport' } })
      )
    case 'EnableRotation':
    case 'DisableRotation':
    case 'Rotate':
    case 'RotateToImported':
      return changeRotation(life, command, now)
    case 'ImportNew':
    case 'ImportExisting':
    case 'DeleteMaterial':
      return changeImported(life, command)
    case 'AddReplica':
    case 'RemoveReplica':
    case 'UpdatePrimary':
      return changeSet(life, command, now)
    case 'Disconnect':
    case 'Reconnect':
      return changeKeyStore(life, command, now)
    case 'FinishCreation':
    case 'FinishUpdate':
    case 'CompleteRotation':
    case 'ExpireMaterial':
    case 'CompleteDeletion':
      return performDue(life, command, now)
    default:
      return command satisfies never
  }
}

/** A key whose store is disconnected is enabled in earnest when it is connected again. */
function enable(life: KeyLife, now: Instant): KeyLife {
  if (life.state.name === 'Unavailable') return { ...life, state: { ...life.state, isEnabled: true } }
  return becomeEnabled(life, now)
}

/** From here on the key rotates again. */
function becomeEnabled(life: KeyLife, now: Instant): KeyLife {
  return { ...life, state: { name: 'Enabled' }, rotation: resumeRotation(life, now) }
}

function disable(life: KeyLife): KeyLife {
  if (life.state.name === 'Unavailable') return { ...life, state: { ...life.state, isEnabled: false } }
  return { ...life, state: { name: 'Disabled' } }
}

/** A primary waits for its replicas before its own waiting period begins. */
function dyingState(life: KeyLife, pendingWindowInDays: number, now: Instant): KeyState {
  const { multiRegion } = life
  if (multiRegion !== undefined && !isReplica(life) && multiRegion.replicaRegions.length > 0) {
    return { name: 'PendingReplicaDeletion', pendingWindowInDays }
  }
  return { name: 'PendingDeletion', deletionDate: addDays(now, pendingWindowInDays) }
}

function changeSet(life: KeyLife, command: MultiRegionCommand, now: Instant): Step {
  const { state, multiRegion: set } = life
  switch (command.type) {
    case 'AddReplica': {
      const refusal = refuseByState('ReplicateKey', life)
      if (refusal !== undefined) return refusal
      if (set === undefined || isReplica(life)) return refuse('NotPrimary')
      if (regionsOf(set).includes(command.region)) return refuse('ReplicaExists')
      return accept({ ...life, multiRegion: { ...set, replicaRegions: [...set.replicaRegions, command.region] } })
    }
    case 'RemoveReplica': {
      if (set === undefined || isReplica(life)) return refuse('NotPrimary')
      if (!set.replicaRegions.includes(command.region)) return refuse('UnknownReplica')
      const replicaRegions = set.replicaRegions.filter((region) => region !== command.region)
      const next = { ...life, multiRegion: { ...set, replicaRegions } }
      if (state.name !== 'PendingReplicaDeletion') return accept(next)
      return accept({ ...next, state: dyingState(next, state.pendingWindowInDays, now) })
    }
    case 'UpdatePrimary': {
      const refusal = refuseByState('UpdatePrimaryRegion', life)
      if (refusal !== undefined) return refusal
      const { primaryRegion, until } = command
      if (set === undefined || (isReplica(life) && set.region !== primaryRegion)) return refuse('NotPrimary')
      if (!set.replicaRegions.includes(primaryRegion)) return refuse('UnknownReplica')
      return accept({ ...life, state: { name: 'Updating', until }, multiRegion: movePrimary(set, primaryRegion) })
    }
    default:
      return command satisfies never
  }
}

function changeKeyStore(life: KeyLife, { type }: KeyStoreCommand, now: Instant): Step {
  const { state, multiRegion } = life
  // No multi-Region key is in a key store.
  if (multiRegion !== undefined) return refuse('Origin')
  switch (state.name) {
    case 'Unavailable':
      if (type === 'Disconnect') return accept(life)
      return accept(state.isEnabled ? becomeEnabled(life, now) : { ...life, state: { name: 'Disabled' } })
    case 'Enabled':
    case 'Disabled':
      if (type === 'Reconnect') return accept(life)
      return accept({ ...life, state: { name: 'Unavailable', isEnabled: state.name === 'Enabled' } })
    case 'PendingDeletion':
      // So that its deletion can still be cancelled.
      return accept(life)
    case 'Creating':
    case 'PendingImport':
    case 'PendingReplicaDeletion':
    case 'Updating':
      return refuse('Origin')
    default:
      return state satisfies never
  }
}

function performDue(life: KeyLife, command: DueCommand, now: Instant): Step {
  const { state } = life
  switch (command.type) {
    case 'FinishCreation':
      if (state.name !== 'Creating' || now < state.readyAt) return refuse('NotDue')
      return accept({ ...life, state: { name: hasAllMaterial(life) ? 'Enabled' : 'PendingImport' } })
    case 'FinishUpdate':
      if (state.name !== 'Updating' || now < state.until) return refuse('NotDue')
      return accept(becomeEnabled(life, now))
    case 'CompleteRotation':
      return completeRotation(life, now)
    case 'ExpireMaterial':
      return expireMaterial(life, command.materialId, now)
    case 'CompleteDeletion':
      if (state.name !== 'PendingDeletion' || now < state.deletionDate) return refuse('NotDue')
      return { type: 'ended' }
    default:
      return command satisfies never
  }
}
