/**
 * Whom a grant means: the names under which its parties and the callers of requests meet.
 *
 * A grant to a role is for the sessions of the role, which do not know the role's path; one to an account is for
 * whomever the account's own policies let.
 *
 * @spec KMS authorization §1, §4
 */

import { KmsError } from '../errors.ts'
import { STRENGTH, type Strength } from '../policy/compile-principal.ts'
import { type Principal, isServiceName, nameOfService, parsePrincipal } from '../principal/principal.ts'
import type { GrantParty } from './grant.ts'

/** A name that a grant may have used for a caller, and how firmly the grant then speaks of it. */
export interface CallerName {
  readonly name: string
  readonly strength: Strength
}

/** @throws KmsError `InvalidArnException` for what names no principal; groups are none */
export function assertPrincipal(text: string): void {
  if (parsePrincipal(text) === undefined) throw new KmsError('InvalidArnException', `Invalid arn ${text}`)
}

/**
 * One name for every way to write the same party.
 *
 * @param region of the grant's key, in which a service's name may have the Region or not
 */
export function nameOfParty({ name }: Pick<GrantParty, 'name'>, region: string): string {
  const principal = parsePrincipal(name)
  switch (principal?.type) {
    case 'role':
      return nameOfRole(principal.account, principal.name)
    case 'service':
      return nameOfService(name, region)
    default:
      return name
  }
}

/**
 * Whether a list that is asked for one party has the other, too.
 *
 * A role that was made again under another path is found under one name with the first, and is another party.
 */
export function isListedAs(party: GrantParty, asked: GrantParty, region: string): boolean {
  if (party.type !== asked.type) return false
  if (party.name === asked.name) return true
  return isServiceName(party.name) && nameOfParty(party, region) === nameOfParty(asked, region)
}

/**
 * The strongest first.
 *
 * @param region of the key
 */
export function namesOfCaller(caller: Principal, region: string): readonly CallerName[] {
  if (caller.type === 'root') return [{ name: caller.arn, strength: STRENGTH.ITSELF }]
  if (caller.type === 'service') return [{ name: nameOfService(caller.arn, region), strength: STRENGTH.ITSELF }]
  const account = { name: `arn:${caller.partition}:iam::${caller.account}:root`, strength: STRENGTH.DELEGATED }
  switch (caller.type) {
    case 'user':
    case 'federated-user':
      return [{ name: caller.arn, strength: STRENGTH.ITSELF }, account]
    case 'role':
      return [{ name: nameOfRole(caller.account, caller.name), strength: STRENGTH.LIMITED }, account]
    case 'assumed-role':
      return [
        { name: caller.arn, strength: STRENGTH.ITSELF },
        { name: nameOfRole(caller.account, caller.roleName), strength: STRENGTH.LIMITED },
        account,
      ]
    default:
      return caller satisfies never
  }
}

function nameOfRole(account: string, role: string): string {
  return `role/${account}/${role}`
}
