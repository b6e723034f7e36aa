/** What is timed: one operation, and how it comes by a secret. */

export interface LeakSubject {
  readonly name: string
  /** Whether it leaks on purpose. */
  readonly isControl: boolean
  readonly secretBytes: number
  /** How often the operation runs in one sample, so that the clock can tell. */
  readonly repeats: number
  /** Takes the secret in. Not timed. */
  readonly prepare: (secret: Uint8Array) => void
  /** Timed. */
  readonly run: () => unknown
}
