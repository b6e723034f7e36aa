/**
 * A service that calls, on behalf of somebody or as itself: what conditions can ask about that, and what it never asks
 * for.
 *
 * @spec KMS authorization §6, §8; IAM forward access sessions
 */

import type { AnyOperation } from '../operation.ts'
import type { Principal } from '../principal/principal.ts'
import type { Caller } from '../service.ts'
import { type AwsService, findService, formatViaService } from './service-table.ts'

export interface CallingService {
  readonly service: AwsService
  /** The service's principal, as the caller gave it. */
  readonly principal: string
  /** Set when it calls on behalf of somebody, who is then the caller. */
  readonly isForwarding: boolean
}

/**
 * @returns `undefined` for a caller that comes by itself
 * @throws RangeError for a service that is not known, or that calls as another one
 */
export function readCallingService(
  { service: name }: Pick<Caller, 'service'>,
  principal: Principal,
): CallingService | undefined {
  if (name === undefined) return undefined
  const service = findService(name)
  if (service === undefined)
    throw new RangeError('service must be a service that softkms knows, such as s3.amazonaws.com')
  const isForwarding = principal.type !== 'service'
  if (!isForwarding && principal.arn !== name)
    throw new RangeError('a service calls as itself or on behalf of a caller')
  return { service, principal: name, isForwarding }
}

/** What the session of a forwarded call says of the service; a service that calls as itself is known by its principal. */
export function sessionKeysOf(
  calling: CallingService | undefined,
  region: string,
): ReadonlyArray<readonly [key: string, values: readonly string[]]> {
  if (calling?.isForwarding !== true) return []
  const { service, principal } = calling
  return [
    ['kms:viaservice', [formatViaService(service, region)]],
    ['aws:calledvia', [principal]],
    ['aws:calledviafirst', [principal]],
    ['aws:calledvialast', [principal]],
  ]
}

/** The actions of an operation that the service never asks for, each with `kms:`. */
export function actionsBeyond({ service }: CallingService, operation: AnyOperation): readonly string[] {
  const rules = Object.values(operation.targets)
  const own = `kms:${operation.name}`
  const actions = rules.length === 0 ? [own] : rules.map(({ action = own }) => action)
  return actions.filter((action) => !service.actions.has(action.slice('kms:'.length)))
}
