/**
 * From what `as` and `asService` are told to the caller that the engine takes.
 *
 * @spec KMS authorization §6, §8; IAM forward access sessions
 */

import { type Caller, findService, isAccount, parsePrincipal } from '@softkms/kms'

/** What conditions may ask about a caller besides its ARN. */
export type CallerOptions = Pick<Caller, 'conditionKeys'>

/** For whom a service calls. */
export interface ServiceOptions extends CallerOptions {
  /**
   * Who called the service, as `as` takes it. The request is then this caller's, made through the service. Without it
   * the service calls as itself, and key policies must name the service.
   */
  readonly onBehalfOf?: string
  /** ARN of the resource for which the service calls, `aws:SourceArn`. */
  readonly sourceArn?: string
  /** The account of that resource, `aws:SourceAccount`; by default the one in its ARN, if there is one. */
  readonly sourceAccount?: string
}

/** @throws RangeError for what is neither a 12-digit account nor the ARN of a principal in one */
export function identify(principal: string): Pick<Caller, 'account' | 'principal'> {
  if (isAccount(principal)) return { account: principal }
  const account = parsePrincipal(principal)?.account
  if (account === undefined) throw new RangeError('principal must be a 12-digit account or the ARN of a principal')
  return { account, principal }
}

/**
 * A service that calls as itself looks for keys in the account for which it calls.
 *
 * @throws RangeError as `Kms.asService`
 */
export function identifyService(
  service: string,
  { account, region }: Pick<Caller, 'account' | 'region'>,
  { onBehalfOf, sourceArn, sourceAccount, conditionKeys }: ServiceOptions = {},
): Caller {
  if (findService(service) === undefined) {
    throw new RangeError('service must be one that softkms knows, such as s3.amazonaws.com')
  }
  const source = sourceAccount ?? (sourceArn === undefined ? undefined : accountIn(sourceArn))
  if (source !== undefined && !isAccount(source)) throw new RangeError('sourceAccount must be 12 digits')
  return {
    ...(onBehalfOf === undefined ? { account: source ?? account, principal: service } : identify(onBehalfOf)),
    region,
    service,
    conditionKeys: {
      ...conditionKeys,
      ...(sourceArn === undefined ? {} : { 'aws:SourceArn': sourceArn }),
      ...(source === undefined ? {} : { 'aws:SourceAccount': source }),
    },
  }
}

const ARN = /^arn:[^:]+:[^:]+:[^:]*:(?<account>[^:]*):.+$/

/** An ARN may have none, as a bucket's. */
function accountIn(arn: string): string | undefined {
  const account = ARN.exec(arn)?.groups?.['account']
  if (account === undefined) throw new RangeError('sourceArn must be the ARN of a resource')
  return isAccount(account) ? account : undefined
}
