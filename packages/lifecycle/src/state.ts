/**
 * The states a key can be in, each with the fields that exist in it and no others.
 *
 * @spec KMS key-states
 */

import type { Instant } from './instant.ts'

export type KeyState =
  | {
      /** A replica that is being built. */
      readonly name: 'Creating'
      readonly readyAt: Instant
    }
  | { readonly name: 'Enabled' }
  | { readonly name: 'Disabled' }
  | {
      readonly name: 'PendingDeletion'
      /** When the key and its material are destroyed. */
      readonly deletionDate: Instant
    }
  /** Of imported material some was never there, or is there no more. */
  | { readonly name: 'PendingImport' }
  | {
      /** A primary that shall be deleted, and waits for its last replica to go first. */
      readonly name: 'PendingReplicaDeletion'
      /** 7 to 30; begins to run when the last replica is gone. */
      readonly pendingWindowInDays: number
    }
  | {
      /** The custom key store that holds the key is disconnected. */
      readonly name: 'Unavailable'
      /** Whether the key is enabled once its store is connected again. */
      readonly isEnabled: boolean
    }
  | {
      /** A multi-Region key that becomes the primary, or was it until now. Enabled before and after. */
      readonly name: 'Updating'
      readonly until: Instant
    }

export type KeyStateName = KeyState['name']
