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
  type ServingKms,
} from '@softkms/kms'
import { type CallerOptions, type ServiceOptions, identify, identifyService } from './caller.ts'

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
   * The same KMS for an AWS service: on behalf of somebody, by a forward access session, or as the service itself.
   *
   * @param service such as `s3.amazonaws.com`, or with its Region, `logs.eu-west-1.amazonaws.com`
   * @throws RangeError for a service that softkms does not know, and for a caller, an ARN or an account that is none
   */
  asService(service: string, options?: ServiceOptions): ServiceKms

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

/** A KMS as an AWS service sees it. */
export interface ServiceKms extends Kms {
  /**
   * The AWS owned key of the service in this Region, made when it is first asked for. The service can use it as itself;
   * no account sees it.
   *
   * @returns the key's ARN
   */
  ownedKey(): Promise<string>

  inRegion(region: string): ServiceKms
}

export function createClient(service: ServingKms, caller: Caller): Kms {
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
      ...(caller.service === undefined ? {} : { service: caller.service }),
      ...(caller.conditionKeys === undefined ? {} : { conditionKeys: caller.conditionKeys }),
    },
    execute: (operation, input, from) => service.execute(operation, input, from),
    performDue: () => service.performDue(),
    why: (operation, input, from) => service.why(operation, input, from ?? caller),
    as: (principal, options) => createClient(service, { ...identify(principal), ...options, region: caller.region }),
    asService: (name, options) => createServiceClient(service, name, identifyService(name, caller, options)),
    inRegion: (region) => createClient(service, { ...caller, region }),
  }
}

function createServiceClient(engine: ServingKms, service: string, caller: Caller): ServiceKms {
  return {
    ...createClient(engine, caller),
    ownedKey: () => engine.ownedKey(service, caller.region),
    inRegion: (region) => createServiceClient(engine, service, { ...caller, region }),
  }
}
