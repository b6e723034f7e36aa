/**
 * The typed client: one method an operation, for one caller.
 *
 * Methods take and give AWS's member names; blobs are `Uint8Array`, times are `Date`. Whatever the AWS SDK's inputs
 * are, these accept.
 */

import {
  type AbortSignalLike,
  type Caller,
  type ImplementedOperation,
  type KmsService,
  OPERATIONS,
  type OperationInputs,
  type OperationOutputs,
  isAccount,
} from '@softkms/kms'

/** What may be said about one request besides its members. */
export interface RequestOptions {
  /** Calls the request off as long as it has changed nothing; it then rejects with the signal's reason. */
  readonly signal?: AbortSignalLike | undefined
}

/** Requests without a required member may be left out altogether. */
type Arguments<Input> =
  Partial<Input> extends Input ? [input?: Input, options?: RequestOptions] : [input: Input, options?: RequestOptions]

type Methods = {
  readonly [Name in ImplementedOperation as Uncapitalize<Name>]: (
    ...args: Arguments<OperationInputs[Name]>
  ) => Promise<OperationOutputs[Name]>
}

/** A KMS as one caller sees it. Every client of one KMS shares its keys. */
export interface Kms extends Methods, KmsService {
  /**
   * The same KMS for another caller.
   *
   * @param principal a 12-digit account, or the ARN of a principal in one
   * @throws RangeError for anything else
   */
  as(principal: string): Kms

  /**
   * The same caller in another Region.
   *
   * @throws RangeError for a malformed Region, with the first request
   */
  inRegion(region: string): Kms
}

const PRINCIPAL_ARN = /^arn:[^:]+:(?:iam|sts):[^:]*:([0-9]{12}):.+$/

export function createClient(service: KmsService, caller: Caller): Kms {
  const methods = Object.keys(OPERATIONS).map((name) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    (input?: unknown, { signal }: RequestOptions = {}) =>
      service.execute(name, input, signal === undefined ? caller : { ...caller, signal }),
  ])
  return {
    // The names come from the same table as the type.
    ...(Object.fromEntries(methods) as Methods),
    defaults: { account: caller.account, region: caller.region },
    execute: (operation, input, from) => service.execute(operation, input, from),
    performDue: () => service.performDue(),
    as: (principal) => createClient(service, { ...identify(principal), region: caller.region }),
    inRegion: (region) => createClient(service, { ...caller, region }),
  }
}

function identify(principal: string): Pick<Caller, 'account' | 'principal'> {
  if (isAccount(principal)) return { account: principal }
  const account = PRINCIPAL_ARN.exec(principal)?.[1]
  if (account === undefined) throw new RangeError('principal must be a 12-digit account or the ARN of a principal')
  return { account, principal }
}
