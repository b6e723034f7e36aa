/** What is told of a request once it is answered: enough for logs and metrics, and nothing of what was in it. */

export interface RequestReport {
  readonly requestId: string
  /** Absent for a request that was for none. */
  readonly operation?: string | undefined
  /** Whose request it was; absent where it was refused before that was known. */
  readonly caller?:
    | {
        readonly account?: string | undefined
        readonly region?: string | undefined
        readonly principal?: string | undefined
      }
    | undefined
  readonly status: number
  /** Such as `NotFoundException`; absent for a success. */
  readonly errorCode?: string | undefined
  readonly durationMs: number
}

/** Must not throw. */
export type RequestObserver = (report: RequestReport) => void

/** What is found out about a request on its way. */
export type RequestTrail = { -readonly [Name in 'operation' | 'caller']?: RequestReport[Name] }
