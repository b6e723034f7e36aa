/**
 * What falls due of itself, and when.
 *
 * Nobody waits for a deadline here: whoever holds a clock asks, and performs what is due at the instant it was due.
 */

import type { Instant } from './instant.ts'
import type { KeyLife } from './key-life.ts'

export interface Deadline {
  readonly at: Instant
  readonly due: 'CompleteDeletion' | 'Rotate'
}

/** The next thing that falls due for a key, if anything does. */
export function nextDeadline({ state, rotation }: KeyLife): Deadline | undefined {
  switch (state.name) {
    case 'PendingDeletion':
      return { at: state.deletionDate, due: 'CompleteDeletion' }
    case 'Enabled':
      return rotation.isEnabled ? { at: rotation.nextRotationDate, due: 'Rotate' } : undefined
    case 'Disabled':
      // Nothing rotates while disabled; `resumeRotation` makes up for it.
      return undefined
    default:
      return state satisfies never
  }
}
