/**
 * What is recorded of each request, and where it goes.
 *
 * An entry never holds plaintext, ciphertext or tokens: each operation lists the members that may be recorded.
 */

import type { Instant } from '@softkms/lifecycle'
import type { KmsErrorCode } from '../errors.ts'

export interface AuditEntry {
  /** Names this entry alone, as CloudTrail's event id does. */
  readonly eventId: string
  readonly time: Instant
  readonly requestId: string
  readonly operation: string
  readonly account: string
  readonly region: string
  /** The caller's ARN. */
  readonly principal: string
  /** The AWS service that made the request on behalf of the caller, or as itself. */
  readonly invokedBy?: string
  readonly isReadOnly: boolean
  /** ARNs of the keys that the request turned out to be about. */
  readonly keys: readonly string[]
  /** The recorded members of the request, with AWS's names. */
  readonly request: Readonly<Record<string, unknown>>
  /** The grant that RetireGrant was about, which its token alone may have named. */
  readonly grantId?: string
  /** What enforcing would have refused and `authorization: 'audit'` let pass. */
  readonly denials?: readonly string[]
  /** Present when the request was refused. */
  readonly errorCode?: KmsErrorCode
}

export interface AuditSink {
  /** Takes one entry. A request is answered only after this has resolved. */
  record(entry: AuditEntry): void | Promise<void>
}

export interface MemoryAudit extends AuditSink {
  /** Oldest first. */
  readonly entries: readonly AuditEntry[]
}

/** Keeps the newest `limit` entries in memory. */
export function createMemoryAudit(limit = 10_000): MemoryAudit {
  const entries: AuditEntry[] = []
  return {
    entries,
    record(entry) {
      entries.push(entry)
      if (entries.length > limit) entries.shift()
    },
  }
}
