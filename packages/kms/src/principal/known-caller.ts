/** Who asks: what a caller says of itself, read once and refused if it makes no sense. */

import { type CallingService, readCallingService, sessionKeysOf } from '../aws-service/calling-service.ts'
import { KmsError } from '../errors.ts'
import { OWNER_ACCOUNT } from '../managed/managed-key.ts'
import { assertScope, partitionOf } from '../scope.ts'
import type { Caller } from '../service.ts'
import { type Principal, parsePrincipal, rootOf } from './principal.ts'

export interface KnownCaller extends Omit<Caller, 'principal'> {
  readonly principal: Principal
  readonly calling: CallingService | undefined
}

/** @throws as `principalOf` and `readCallingService` */
export function identify(caller: Caller): KnownCaller {
  const principal = principalOf(caller)
  return { ...caller, principal, calling: readCallingService(caller, principal) }
}

/**
 * @throws RangeError for a malformed account or Region, and for a principal that is none or of another account
 * @throws KmsError `AccessDeniedException` for the account that nobody calls from
 */
function principalOf({ account, region, principal }: Caller): Principal {
  assertScope(account, region)
  if (account === OWNER_ACCOUNT) throw new KmsError('AccessDeniedException', 'The account is for keys that AWS owns.')
  if (principal === undefined) return rootOf(account, partitionOf(region))
  const parsed = parsePrincipal(principal)
  if (parsed === undefined || (parsed.type !== 'service' && parsed.account !== account)) {
    throw new RangeError("principal must be the ARN of a principal of the caller's account")
  }
  return parsed
}

/** What is known of a service that calls overrules what its caller says. */
export function sessionOf({
  conditionKeys = {},
  calling,
  region,
}: KnownCaller): ReadonlyMap<string, readonly string[]> {
  const session = new Map<string, readonly string[]>()
  for (const [key, value] of Object.entries(conditionKeys)) {
    session.set(key.toLowerCase(), typeof value === 'string' ? [value] : [...value])
  }
  for (const [key, values] of sessionKeysOf(calling, region)) session.set(key, values)
  return session
}
