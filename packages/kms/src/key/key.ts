/**
 * A KMS key as the engine knows it, without its material, and the wrapped material beside it.
 *
 * Records are plain, immutable values. The crossing to AWS's member names happens in `key-metadata.ts` and in the
 * operations.
 */

import type { KeyOrigin, KeySpec, KeyToken, KmsKeyUsage } from '@softkms/hsm'
import { type Instant, type KeyLife, nextDeadline } from '@softkms/lifecycle'
import type { Scope } from '../scope.ts'
import { type KeyId, formatKeyArn } from './key-id.ts'

export interface KeyTag {
  readonly key: string
  readonly value: string
}

export interface KeyRecord extends Scope {
  readonly keyId: KeyId
  /** Counts the writes of this record; the store compares it. The first is 1. */
  readonly version: number
  readonly createdAt: Instant
  readonly description: string
  readonly keySpec: KeySpec
  readonly keyUsage: KmsKeyUsage
  readonly origin: KeyOrigin
  readonly life: KeyLife
  /** The service whose AWS managed key it is; absent on keys that customers manage. */
  readonly managedBy?: string
  /** The key policy, as it was given. */
  readonly policy: string
  readonly tags: readonly KeyTag[]
}

/** One version of a key's material, wrapped. */
export interface MaterialRecord extends Scope {
  /** 64 lower-case hexadecimal digits. */
  readonly materialId: string
  readonly keyId: KeyId
  /** Absent where imported material is awaited: its name still leads to the key. */
  readonly token?: KeyToken
  /** SubjectPublicKeyInfo, DER, of imported asymmetric material; stays known when the material is gone. */
  readonly publicKey?: Uint8Array
}

export function arnOf(key: KeyRecord): string {
  return formatKeyArn(key, key.keyId)
}

/** When the next thing falls due for the key; a store finds keys by it. */
export function dueAt(key: KeyRecord): Instant | undefined {
  return nextDeadline(key.life)?.at
}
