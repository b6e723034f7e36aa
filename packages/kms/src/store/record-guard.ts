/**
 * The port by which a store tells records that this KMS wrote from any others.
 *
 * Whoever can write to the database can change a policy, a state or a date there. A record carries a tag that only the
 * HSM can make, and one whose tag does not fit is refused. A database that is rolled back as a whole is not told.
 */

import type { RecordKind } from './record-text.ts'

export interface RecordGuard {
  /** The tag of a record's text. */
  protect(kind: RecordKind, text: string): Promise<Uint8Array>

  /** Whether the tag is that of the record's text. */
  verify(kind: RecordKind, text: string, tag: Uint8Array): Promise<boolean>
}
