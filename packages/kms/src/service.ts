/**
 * What every front door needs of a KMS: run one operation for one caller.
 *
 * The typed methods of `softkms` and the wire protocol of `server` both sit on this.
 */

/** Where a request comes from. The engine trusts it; establishing it is the front door's work. */
export interface Caller {
  /** 12 decimal digits. */
  readonly account: string
  /** An AWS Region name such as `eu-west-1`. */
  readonly region: string
  /** The caller's ARN; the account's root when absent. */
  readonly principal?: string
  /** Names the request in answers and in the audit trail; drawn afresh when absent. */
  readonly requestId?: string
  /** Aborts what still waits. */
  readonly signal?: AbortSignalLike
}

/** The part of `AbortSignal` that the engine uses, so that no DOM type is needed here. */
export interface AbortSignalLike {
  readonly aborted: boolean
  throwIfAborted(): void
}

export interface KmsService {
  /** Account and Region of a caller that names neither. */
  readonly defaults: { readonly account: string; readonly region: string }

  /**
   * Runs one operation.
   *
   * @param operation the operation's name as AWS spells it, such as `GenerateDataKey`
   * @param input the request with AWS's member names; blobs are `Uint8Array`, times are `Date`
   * @returns the response with AWS's member names; `{}` for an operation that answers nothing
   * @throws KmsError `UnknownOperationException` for an operation that is not there, or the operation's refusal
   */
  execute(operation: string, input: unknown, caller: Caller): Promise<object>

  /**
   * Performs what has fallen due: deletions, rotations and whatever else a key's life has scheduled, each at the time
   * it was due. Every request does so before it looks at a key; this is for whoever has turned a clock, or has no
   * request to make, and wants it done now.
   *
   * @throws KmsError `KMSInternalException` when the HSM or the store fails; what was not done is still due
   */
  performDue(): Promise<void>
}
