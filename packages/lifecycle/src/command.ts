/** What may be asked of a key's life. */

import type { Instant } from './instant.ts'
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
  | RotationCommand
  | ImportCommand
  | MultiRegionCommand
  | KeyStoreCommand
  | DueCommand

export type RotationCommand =
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
      /** When every replica has the material; the rotation is in progress until then. At once by default. */
      readonly takesEffectAt?: Instant
    }
  /** Makes the imported material that is pending the current one. */
  | { readonly type: 'RotateToImported' }

export type ImportCommand =
  | {
      /** Material that the key never had. */
      readonly type: 'ImportNew'
      readonly materialId: string
      readonly validTo?: Instant
      readonly description?: string
    }
  | {
      /** Material that the key has or had, again. */
      readonly type: 'ImportExisting'
      readonly materialId: string
      readonly validTo?: Instant
      /** Replaces the one before, if given. */
      readonly description?: string
    }
  | { readonly type: 'DeleteMaterial'; readonly materialId: string }

export type MultiRegionCommand =
  /** Asked of the primary. */
  | { readonly type: 'AddReplica'; readonly region: string }
  /** A replica is gone. */
  | { readonly type: 'RemoveReplica'; readonly region: string }
  | {
      /** Asked of both the primary before and the one to be. */
      readonly type: 'UpdatePrimary'
      readonly primaryRegion: string
      readonly until: Instant
    }

/** What happens to the keys of a custom key store. */
export type KeyStoreCommand = { readonly type: 'Disconnect' } | { readonly type: 'Reconnect' }

/** What comes by itself when its time has come. */
export type DueCommand =
  | { readonly type: 'FinishCreation' }
  | { readonly type: 'FinishUpdate' }
  | { readonly type: 'CompleteRotation' }
  | { readonly type: 'ExpireMaterial'; readonly materialId: string }
  /** The waiting period is over. */
  | { readonly type: 'CompleteDeletion' }
