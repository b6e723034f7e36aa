/** Lives of keys for tests of the lifecycle: each frozen to the core, so that a step that changes one throws. */
import {
  type Command,
  type Instant,
  type KeyLife,
  type KeyStateName,
  addDays,
  beginLife,
  beginLifeForImport,
  beginReplica,
  beginSet,
  transition,
} from '@softkms/lifecycle'
import { deepFreeze } from './deep-freeze.ts'

export const BIRTH: Instant = Date.UTC(2030, 0, 1)

export const HOME = 'eu-west-1'
export const ABROAD = 'us-west-2'

export const KEY_STATES: readonly KeyStateName[] = [
  'Creating',
  'Enabled',
  'Disabled',
  'PendingDeletion',
  'PendingImport',
  'PendingReplicaDeletion',
  'Unavailable',
  'Updating',
]

export function materialOf(version: number): string {
  return version.toString(16).padStart(64, '0')
}

export const FIRST_MATERIAL = materialOf(0)

export function newLife(): KeyLife {
  return deepFreeze(beginLife(FIRST_MATERIAL))
}

/** A key whose material is imported and does not expire, unless told otherwise. */
export function importedLife(validTo?: Instant): KeyLife {
  const expiry = validTo === undefined ? {} : { validTo }
  return step(beginLifeForImport(), { type: 'ImportNew', materialId: FIRST_MATERIAL, ...expiry })
}

/** A multi-Region primary with one replica. */
export function primaryLife(): KeyLife {
  return step({ ...newLife(), multiRegion: beginSet(HOME) }, { type: 'AddReplica', region: ABROAD })
}

/** Its replica, ready a minute after its birth. */
export function replicaLife(primary: KeyLife = primaryLife()): KeyLife {
  return deepFreeze(beginReplica(primary, ABROAD, BIRTH + 60_000))
}

/** The life after a command that must be accepted. */
export function step(life: KeyLife, command: Command, now: Instant = BIRTH): KeyLife {
  const outcome = transition(life, command, now)
  if (outcome.type !== 'accepted') throw new Error(`${command.type} was not accepted`)
  return deepFreeze(outcome.next)
}

/** A key in each of the states, with a rotation schedule and two versions, so that there is something to lose. */
export function lifeIn(state: KeyStateName): KeyLife {
  const enabled = [
    { type: 'EnableRotation', periodInDays: 365 },
    { type: 'Rotate', rotationType: 'ON_DEMAND', materialId: materialOf(1) },
  ] as const satisfies readonly Command[]
  const live = (life: KeyLife): KeyLife => enabled.reduce<KeyLife>((before, command) => step(before, command), life)
  switch (state) {
    case 'Creating':
      return replicaLife(live(primaryLife()))
    case 'Enabled':
      return live(newLife())
    case 'Disabled':
      return step(live(newLife()), { type: 'Disable' })
    case 'PendingDeletion':
      return step(live(newLife()), { type: 'ScheduleDeletion', pendingWindowInDays: 7 })
    case 'PendingImport':
      return step(importedLife(), { type: 'DeleteMaterial', materialId: FIRST_MATERIAL })
    case 'PendingReplicaDeletion':
      return step(live(primaryLife()), { type: 'ScheduleDeletion', pendingWindowInDays: 7 })
    case 'Unavailable':
      return step(live(newLife()), { type: 'Disconnect' })
    case 'Updating':
      return step(live(primaryLife()), { type: 'UpdatePrimary', primaryRegion: ABROAD, until: addDays(BIRTH, 1) })
    default:
      return state satisfies never
  }
}
