/**
 * The states a key can be in, each with the fields that exist in it and no others.
 *
 * @spec KMS key-states
 */

import type { Instant } from './instant.ts'

export type KeyState =
  | { readonly name: 'Enabled' }
  | { readonly name: 'Disabled' }
  | {
      readonly name: 'PendingDeletion'
      /** When the key and its material are destroyed. */
      readonly deletionDate: Instant
    }

export type KeyStateName = KeyState['name']
