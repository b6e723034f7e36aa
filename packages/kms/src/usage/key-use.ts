/** The last use of a key: when, for what, and in which request. @spec KMS operations, GetKeyLastUsage */

import type { Instant } from '@softkms/lifecycle'
import type { KeyLastUsageTrackingOperation } from '../generated/types.ts'
import type { KeyRecord } from '../key/key.ts'
import type { KeyId } from '../key/key-id.ts'
import type { Scope } from '../scope.ts'

export interface KeyUse extends Scope {
  readonly keyId: KeyId
  readonly at: Instant
  readonly operation: KeyLastUsageTrackingOperation
  readonly requestId: string
  /** Names the request's entry in the audit trail, where there is one. */
  readonly eventId: string
}

/** The later of two uses, either of which may not be. */
export function laterOf<Use extends Pick<KeyUse, 'at'>>(a: Use | undefined, b: Use | undefined): Use | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return b.at > a.at ? b : a
}

/**
 * Whether a use is of this very key. A replica may be made anew under the id of one that was deleted; the old one had
 * been out of use for the days of its waiting period by then.
 */
export function isUseOf(key: Pick<KeyRecord, 'createdAt'>, use: Pick<KeyUse, 'at'>): boolean {
  return use.at >= key.createdAt
}
