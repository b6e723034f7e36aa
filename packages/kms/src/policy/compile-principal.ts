/**
 * Whether a statement is about the caller, and how firmly it speaks of it.
 *
 * @spec IAM policy elements, Principal and NotPrincipal; policy evaluation logic, resource-based policies
 */

import { type Principal, nameOfService } from '../principal/principal.ts'
import type { ConditionValues } from './request-context.ts'
import type { Clause, PrincipalName } from './statement.ts'

/**
 * What an Allow gives to somebody whom it matches.
 *
 * - `NONE`: nothing; it is about others.
 * - `DELEGATED`: it names the account, whose own policies decide.
 * - `LIMITED`: it names the role, or anyone; a permissions boundary and a session policy must allow it, too.
 * - `ITSELF`: it names the user, session, root or service that calls, and nothing else need allow it.
 */
export const STRENGTH = { NONE: 0, DELEGATED: 1, LIMITED: 2, ITSELF: 3 } as const

export type Strength = (typeof STRENGTH)[keyof typeof STRENGTH]

export type PrincipalTest = (caller: Principal, valuesOf: ConditionValues) => Strength

/** @param clause absent when the policy is attached to the caller itself */
export function compilePrincipal(clause: Clause<PrincipalName> | undefined): PrincipalTest {
  if (clause === undefined) return () => STRENGTH.ITSELF
  const { values, isNegated } = clause
  if (isNegated) return (caller, valuesOf) => (isExcluded(values, caller, valuesOf) ? STRENGTH.NONE : anyone(caller))
  return (caller, valuesOf) => {
    let strongest: Strength = STRENGTH.NONE
    for (const name of values) {
      const strength = strengthOf(name, caller, valuesOf)
      if (strength > strongest) strongest = strength
    }
    return strongest
  }
}

function strengthOf(name: PrincipalName, caller: Principal, valuesOf: ConditionValues): Strength {
  switch (name.type) {
    case 'anyone':
      return anyone(caller)
    case 'account':
      if (caller.account !== name.account) return STRENGTH.NONE
      return caller.type === 'root' ? STRENGTH.ITSELF : STRENGTH.DELEGATED
    case 'role':
      return isOfRole(name, caller) ? STRENGTH.LIMITED : STRENGTH.NONE
    case 'user':
    case 'assumed-role':
    case 'federated-user':
      return caller.type === name.type && caller.arn === name.arn ? STRENGTH.ITSELF : STRENGTH.NONE
    case 'service':
      return caller.type === 'service' && isSameService(caller.arn, name.name, valuesOf)
        ? STRENGTH.ITSELF
        : STRENGTH.NONE
    case 'provider':
      return valuesOf('aws:federatedprovider')?.includes(name.name) === true ? STRENGTH.LIMITED : STRENGTH.NONE
    default:
      return name satisfies never
  }
}

function isSameService(caller: string, name: string, valuesOf: ConditionValues): boolean {
  if (caller === name) return true
  const [region] = valuesOf('aws:requestedregion') ?? []
  return region !== undefined && nameOfService(caller, region) === nameOfService(name, region)
}

/** Services have neither boundary nor session policy. */
function anyone(caller: Principal): Strength {
  return caller.type === 'service' ? STRENGTH.ITSELF : STRENGTH.LIMITED
}

function isOfRole({ account, name }: Extract<PrincipalName, { type: 'role' }>, caller: Principal): boolean {
  if (caller.account !== account) return false
  if (caller.type === 'role') return caller.name === name
  return caller.type === 'assumed-role' && caller.roleName === name
}

/**
 * NotPrincipal leaves somebody out only when it lists all that the caller is: the account, the role, the session.
 *
 * @spec IAM policy elements, NotPrincipal
 */
function isExcluded(names: readonly PrincipalName[], caller: Principal, valuesOf: ConditionValues): boolean {
  if (names.some(({ type }) => type === 'anyone')) return true
  const isListed = (type: PrincipalName['type']): boolean =>
    names.some((name) => name.type === type && strengthOf(name, caller, valuesOf) !== STRENGTH.NONE)
  switch (caller.type) {
    case 'service':
      return isListed('service')
    case 'root':
      return isListed('account')
    case 'user':
    case 'role':
    case 'federated-user':
      return isListed('account') && isListed(caller.type)
    case 'assumed-role':
      return isListed('account') && isListed('role') && isListed('assumed-role')
    default:
      return caller satisfies never
  }
}
