/**
 * The typed client: one method an operation, for one caller.
 *
 * Methods take and give AWS's member names; blobs are `Uint8Array`, times are `Date`. Whatever the AWS SDK's inputs
 * are, these accept.
 */

import {
  type AbortSignalLike,
  type Caller,
  type ExplainingKms,
  type Explanation,
  type ImplementedOperation,
  OPERATIONS,
  type OperationInputs,
  type OperationOutputs,
  isAccount,
  parsePrincipal,
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
export interface Kms extends Methods, ExplainingKms {
  /**
   * The same KMS for another caller.
   *
   * @param principal a 12-digit account, or the ARN of a principal in one
   * @throws RangeError for anything else
   */
  as(principal: string, options?: CallerOptions): Kms

  /**
   * Says why a request of this caller may pass or not, without performing it.
   *
   * @param operation such as `Decrypt`
   * @param from another caller, as `execute` takes it
   * @throws KmsError as `ExplainingKms.why`
   */
  why(operation: string, input?: unknown, from?: Caller): Promise<readonly Explanation[]>

  /**
   * The same caller in another Region.
   *
   * @throws RangeError for a malformed Region, with the first request
   */
  inRegion(region: string): Kms
}

/** What conditions may ask about a caller besides its ARN. */
export type CallerOptions = Pick<Caller, 'conditionKeys'>

export function createClient(service: ExplainingKms, caller: Caller): Kms {
  const methods = Object.keys(OPERATIONS).map((name) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    (input?: unknown, { signal }: RequestOptions = {}) =>
      service.execute(name, input, signal === undefined ? caller : { ...caller, signal }),
  ])
  return {
    // The names come from the same table as the type.
    ...(Object.fromEntries(methods) as Methods),
    defaults: {
      account: caller.account,
      region: caller.region,
      ...(caller.principal === undefined ? {} : { principal: caller.principal }),
      ...(caller.conditionKeys === undefined ? {} : { conditionKeys: caller.conditionKeys }),
    },
    execute: (operation, input, from) => service.execute(operation, input, from),
    performDue: () => service.performDue(),
    why: (operation, input, from) => service.why(operation, input, from ?? caller),
    as: (principal, options) => createClient(service, { ...identify(principal), ...options, region: caller.region }),
    inRegion: (region) => createClient(service, { ...caller, region }),
  }
}

function identify(principal: string): Pick<Caller, 'account' | 'principal'> {
  if (isAccount(principal)) return { account: principal }
  const account = parsePrincipal(principal)?.account
  if (account === undefined) throw new RangeError('principal must be a 12-digit account or the ARN of a principal')
  return { account, principal }
}
