/**
 * The decision: explicit denials first, then each side that must allow.
 *
 * Pure: the same request, the same policies and the same grants get the same answer, whatever the order of statements.
 * Grants stand beside the key's policy; what denies denies them, too.
 *
 * @spec KMS authorization §1, §4, §5; IAM policy evaluation logic
 */

import type { CompiledPolicy, CompiledStatement } from './compile.ts'
import { STRENGTH, type Strength } from './compile-principal.ts'
import type { Decision, Grounds, Refusal } from './decision.ts'
import type { RequestContext } from './request-context.ts'

/** The policies of the caller's side. */
export interface CallerPolicies {
  /** `full` for a root user, and where nobody has set up IAM. */
  readonly identity: 'full' | readonly CompiledPolicy[]
  readonly boundary?: CompiledPolicy | undefined
  /** Any of them will do; absent when the session came without. */
  readonly session?: readonly CompiledPolicy[] | undefined
  /** Root, organizational units, account: each level must allow, by any of its policies. */
  readonly serviceControl?: ReadonlyArray<readonly CompiledPolicy[]> | undefined
}

/** The policies of the key's side. */
export interface KeyPolicies {
  /** Of the key. */
  readonly account: string
  readonly policy: CompiledPolicy
  /** Whether callers of other accounts can be allowed to at all. */
  readonly isCrossAccount: boolean
  /** As `serviceControl`, of the key's account. */
  readonly resourceControl?: ReadonlyArray<readonly CompiledPolicy[]> | undefined
  /** How firmly grants on the key allow the request; absent as long as nobody has looked. */
  readonly granted?: Strength | undefined
  /** Set where nothing that the key's policy allows counts, only what it denies. */
  readonly isByGrantAlone?: boolean | undefined
}

/** @param key absent for an action that is about no key: the caller's side alone decides */
export function decide(request: RequestContext, caller: CallerPolicies, key?: KeyPolicies): Decision {
  if (key !== undefined && isForeign(request, key)) return decideForeign(request, caller, key)
  const denying = findDenying(request, caller, key)
  if (denying !== undefined) return refuse({ type: 'explicit', kind: denying.kind })
  if (key !== undefined && !isEachAllowing(key.resourceControl, request)) return refuseFor('resource control policy')
  if (!isEachAllowing(caller.serviceControl, request)) return refuseFor('service control policy')
  if (key === undefined) return decideByCaller(request, caller, 'identity policy')

  const byPolicy = decideByStrength(strengthOnKey(key, request), request, caller, ['key policy', 'identity policy'])
  return byPolicy.isAllowed ? byPolicy : (decideByGrant(request, caller, key) ?? byPolicy)
}

/** @returns `undefined` when no grant is for the caller */
function decideByGrant(
  request: RequestContext,
  caller: CallerPolicies,
  { granted = STRENGTH.NONE }: KeyPolicies,
): Decision | undefined {
  if (granted === STRENGTH.NONE) return undefined
  return decideByStrength(granted, request, caller, ['grant', 'grant and identity policy'])
}

/** What the key's side says is enough, or leaves it to the caller's. */
function decideByStrength(
  strength: Strength,
  request: RequestContext,
  caller: CallerPolicies,
  [ofKey, ofCaller]: readonly [ofKey: Grounds, ofCaller: Grounds],
): Decision {
  if (strength === STRENGTH.NONE) return refuseFor('resource-based policy')
  if (strength === STRENGTH.DELEGATED) return decideByCaller(request, caller, ofCaller)
  const limit = strength === STRENGTH.LIMITED ? findLimit(request, caller) : undefined
  return limit ?? { isAllowed: true, grounds: ofKey }
}

/** A service is of no account, and has no side of its own. */
function isForeign({ principal }: RequestContext, { account }: KeyPolicies): boolean {
  return principal.type !== 'service' && principal.account !== account
}

/**
 * Both sides must allow, and the key's is asked first: what the caller's own policies say about a key that is not open
 * to it would tell it that there is one.
 */
function decideForeign(request: RequestContext, caller: CallerPolicies, key: KeyPolicies): Decision {
  if (!key.isCrossAccount) return refuse({ type: 'foreign' })
  const denying = [...(key.resourceControl ?? []).flat(), key.policy].find((policy) => isDenying(policy, request))
  if (denying !== undefined) return refuse({ type: 'explicit', kind: denying.kind })
  if (!isEachAllowing(key.resourceControl, request)) return refuseFor('resource control policy')
  const isOpenByPolicy = strengthOnKey(key, request) !== STRENGTH.NONE
  const { granted = STRENGTH.NONE } = key
  if (!isOpenByPolicy && granted === STRENGTH.NONE) return refuseFor('resource-based policy')
  const own = policiesOf(caller, undefined).find((policy) => isDenying(policy, request))
  if (own !== undefined) return refuse({ type: 'explicit', kind: own.kind })
  if (!isEachAllowing(caller.serviceControl, request)) return refuseFor('service control policy')
  // A grant to somebody of another account asks for no policy there; one to the account itself does.
  const byGrant = decideByGrant(request, caller, key)
  if (!isOpenByPolicy || byGrant?.isAllowed === true) return byGrant ?? refuseFor('resource-based policy')
  return decideByCaller(request, caller, 'key policy and identity policy')
}

/** How firmly a policy allows a request: the strongest of its statements counts. */
function strengthOf(policy: CompiledPolicy, request: RequestContext): Strength {
  let strongest: Strength = STRENGTH.NONE
  for (const statement of policy.about(request.action).allows) {
    const strength = statement.matchPrincipal(request.principal, request.valuesOf)
    if (strength > strongest && isMet(statement, request)) strongest = strength
  }
  return strongest
}

/** The policies that may deny, in the order in which a refusal names them. */
export function policiesOf(caller: CallerPolicies, key: KeyPolicies | undefined): readonly CompiledPolicy[] {
  const { identity, boundary, session = [], serviceControl = [] } = caller
  return [
    ...(key?.resourceControl ?? []).flat(),
    ...serviceControl.flat(),
    ...session,
    ...(boundary === undefined ? [] : [boundary]),
    ...(identity === 'full' ? [] : identity),
    ...(key === undefined ? [] : [key.policy]),
  ]
}

function strengthOnKey(key: KeyPolicies, request: RequestContext): Strength {
  return key.isByGrantAlone === true ? STRENGTH.NONE : strengthOf(key.policy, request)
}

function decideByCaller(request: RequestContext, caller: CallerPolicies, grounds: Grounds): Decision {
  const { identity } = caller
  if (identity !== 'full' && !isAnyAllowing(identity, request)) return refuseFor('identity-based policy')
  return findLimit(request, caller) ?? { isAllowed: true, grounds }
}

function findLimit(request: RequestContext, { boundary, session }: CallerPolicies): Decision | undefined {
  if (boundary !== undefined && !isAllowing(boundary, request)) return refuseFor('permissions boundary')
  if (session !== undefined && !isAnyAllowing(session, request)) return refuseFor('session policy')
  return undefined
}

function findDenying(
  request: RequestContext,
  caller: CallerPolicies,
  key: KeyPolicies | undefined,
): CompiledPolicy | undefined {
  const { identity, boundary, session, serviceControl } = caller
  // The usual request meets a key policy and full permission; no list is made for it.
  if (key?.resourceControl === undefined && identity === 'full' && !boundary && !session && !serviceControl) {
    return key !== undefined && isDenying(key.policy, request) ? key.policy : undefined
  }
  return policiesOf(caller, key).find((policy) => isDenying(policy, request))
}

function isDenying(policy: CompiledPolicy, request: RequestContext): boolean {
  const { denies } = policy.about(request.action)
  return denies.some(
    (statement) =>
      statement.matchPrincipal(request.principal, request.valuesOf) !== STRENGTH.NONE && isMet(statement, request),
  )
}

function isAllowing(policy: CompiledPolicy, request: RequestContext): boolean {
  return strengthOf(policy, request) !== STRENGTH.NONE
}

function isAnyAllowing(policies: readonly CompiledPolicy[], request: RequestContext): boolean {
  return policies.some((policy) => isAllowing(policy, request))
}

function isEachAllowing(
  levels: ReadonlyArray<readonly CompiledPolicy[]> | undefined,
  request: RequestContext,
): boolean {
  return levels === undefined || levels.every((policies) => isAnyAllowing(policies, request))
}

function isMet({ matchesResource, conditions }: CompiledStatement, request: RequestContext): boolean {
  if (!matchesResource(request)) return false
  for (const condition of conditions) if (!condition.isMet(request.valuesOf)) return false
  return true
}

function refuseFor(kind: CompiledPolicy['kind']): Decision {
  return refuse({ type: 'implicit', kind })
}

function refuse(refusal: Refusal): Decision {
  return { isAllowed: false, refusal }
}
