/** Lives of keys for tests of the lifecycle: each frozen to the core, so that a step that changes one throws. */
import { type Command, type Instant, type KeyLife, type KeyStateName, beginLife, transition } from '@softkms/lifecycle'
import { deepFreeze } from './deep-freeze.ts'

export const BIRTH: Instant = Date.UTC(2030, 0, 1)

export function materialOf(version: number): string {
  return version.toString(16).padStart(64, '0')
}

export const FIRST_MATERIAL = materialOf(0)

export function newLife(): KeyLife {
  return deepFreeze(beginLife(FIRST_MATERIAL))
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
  const life = enabled.reduce<KeyLife>((before, command) => step(before, command), newLife())
  switch (state) {
    case 'Enabled':
      return life
    case 'Disabled':
      return step(life, { type: 'Disable' })
    case 'PendingDeletion':
      return step(life, { type: 'ScheduleDeletion', pendingWindowInDays: 7 })
    default:
      return state satisfies never
  }
}
