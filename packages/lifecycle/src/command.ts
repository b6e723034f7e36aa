/** What may be asked of a key's life. */

import type { RotationType } from './key-life.ts'

export type Command =
  | { readonly type: 'Enable' }
  | { readonly type: 'Disable' }
  | {
      readonly type: 'ScheduleDeletion'
      /** 7 to 30 days. */
      readonly pendingWindowInDays: number
    }
  | { readonly type: 'CancelDeletion' }
  /** The waiting period is over. */
  | { readonly type: 'CompleteDeletion' }
  | {
      readonly type: 'EnableRotation'
      /** 90 to 2560 days. */
      readonly periodInDays: number
    }
  | { readonly type: 'DisableRotation' }
  | {
      readonly type: 'Rotate'
      readonly rotationType: RotationType
      /** Names the new material, which the HSM has already generated. */
      readonly materialId: string
    }
