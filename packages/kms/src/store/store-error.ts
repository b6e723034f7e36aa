/** What is wrong with a store, as whoever runs it must know it; callers of the KMS see an internal failure. */

export type StoreErrorCode =
  /** A record is not as this KMS wrote it. */
  | 'ALTERED_RECORD'
  /** Another process has the store. */
  | 'LOCKED'
  /** The database is damaged, or none of softkms's. */
  | 'UNREADABLE'
  /** What shall be written is there already. */
  | 'EXISTS'
  /** A newer softkms has written it. */
  | 'NEWER_SCHEMA'
  /** The store did not get to its records in time. Of a commit nothing is known then: it may stand. */
  | 'TIMED_OUT'

export class StoreError extends Error {
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
  }
}
