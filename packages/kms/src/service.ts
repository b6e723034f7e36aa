/**
 * What every front door needs of a KMS: run one operation for one caller.
 *
 * The typed methods of `softkms` and the wire protocol of `server` both sit on this.
 */

import type { Explanation } from './policy/explain.ts'

/** Where a request comes from. The engine trusts it; establishing it is the front door's work. */
export interface Caller {
  /** 12 decimal digits. */
  readonly account: string
  /** An AWS Region name such as `eu-west-1`. */
  readonly region: string
  /** The caller's ARN, of the same account; the account's root when absent. */
  readonly principal?: string
  /**
   * The AWS service that calls, such as `s3.amazonaws.com`: on behalf of `principal`, or as itself when that is the same
   * service. It is denied whatever it has no use for. Absent for callers that come by themselves, and for services
   * whose requests nothing is known about.
   */
  readonly service?: string
  /**
   * What the front door knows of the caller, as condition keys: `aws:SourceIp`, `aws:PrincipalTag/team`,
   * `kms:ViaService`. Keys that the engine knows by itself are not taken from here.
   */
  readonly conditionKeys?: Readonly<Record<string, string | readonly string[]>>
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
  /**
   * Who asks when a request names nobody: account, Region and, unless it is the account's root, the principal and the
   * service that calls for it.
   */
  readonly defaults: Pick<Caller, 'account' | 'region' | 'principal' | 'service' | 'conditionKeys'>

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

/** An engine that says why a request may pass or not. */
export interface ExplainingKms extends KmsService {
  /**
   * Decides a request as the next one would be, without performing it: what each of its keys, and whatever else it needs leave for, got, and
   * what every statement of every policy had to do with it.
   *
   * What has fallen due is performed first, as before any request; nothing else changes. An AWS managed key that the
   * request would make is decided about as if it were there.
   *
   * Policies are asked whatever the engine's mode of authorization is. The answer holds values of the request and of
   * policies; it is for whoever runs the engine.
   *
   * @returns one explanation for each thing that the caller must be allowed to do, in the order in which it is asked
   * @throws KmsError `UnknownOperationException`, what is wrong with the request, or that a key is not there
   */
  why(operation: string, input: unknown, caller: Caller): Promise<readonly Explanation[]>
}

/** An engine that has the keys of AWS's services, too. */
export interface ServingKms extends ExplainingKms {
  /**
   * The AWS owned key of a service, made now if it has never been asked for. The service alone can use it, as itself;
   * no account sees it.
   *
   * @param service such as `dynamodb.amazonaws.com`
   * @returns the key's ARN
   * @throws RangeError for a service that is not known, or a malformed Region
   */
  ownedKey(service: string, region: string): Promise<string>
}
