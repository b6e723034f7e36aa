/**
 * A decision as an operator wants to read it: every statement and grant that was looked at, and what it lacked.
 *
 * Built only when somebody asks. It holds values of the request, the encryption context's among them, and so is for
 * whoever runs the engine, never for the caller.
 */

import type { GrantMiss } from '../grant/allowance.ts'
import type { GrantTrace } from '../grant/find-grants.ts'
import type { Principal } from '../principal/principal.ts'
import type { CompiledCondition } from './compile-condition.ts'
import type { CompiledPolicy, CompiledStatement } from './compile.ts'
import { STRENGTH } from './compile-principal.ts'
import { type CallerPolicies, type KeyPolicies, decide, policiesOf } from './decide.ts'
import type { Decision, Refusal } from './decision.ts'
import type { RequestContext } from './request-context.ts'
import { type PolicyKind, withArticle } from './statement.ts'

export interface ConditionTrace {
  readonly operator: string
  readonly key: string
  readonly wanted: readonly string[]
  /** What the request has; `undefined` when the key is absent. */
  readonly actual: readonly string[] | undefined
  readonly isMet: boolean
}

/** What kept a statement from being about the request. */
export type Miss = 'Principal' | 'Action' | 'Resource' | 'Condition'

export interface StatementTrace {
  readonly kind: PolicyKind
  /** Counts the policies of this kind from 1. */
  readonly policy: number
  /** Counts the statements of the policy from 1. */
  readonly statement: number
  readonly sid: string | undefined
  readonly effect: 'Allow' | 'Deny'
  readonly isMatch: boolean
  /** Set on a match that only lets the account's own policies decide. */
  readonly isDelegation: boolean
  readonly misses: readonly Miss[]
  readonly conditions: readonly ConditionTrace[]
}

export interface Explanation {
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly decision: Decision
  readonly statements: readonly StatementTrace[]
  /** The caller's grants on the key, where the operation is one that grants can be for. */
  readonly grants: readonly GrantTrace[]
  /** What would have to be otherwise; empty for a request that may pass. */
  readonly remedies: readonly string[]
}

export function explain(
  request: RequestContext,
  caller: CallerPolicies,
  key: KeyPolicies | undefined,
  grants: readonly GrantTrace[],
): Explanation {
  const decision = decide(request, caller, key)
  const statements = tracePolicies(policiesOf(caller, key), request)
  return {
    principal: request.principal.arn,
    action: request.action,
    resource: request.resource,
    decision,
    statements,
    grants,
    remedies: decision.isAllowed ? [] : remediesFor(decision.refusal, statements, grants, request, key),
  }
}

/** What is explained where no policy is asked. */
export function explainRefusal(principal: Principal, action: string, refusal: Refusal): Explanation {
  return {
    principal: principal.arn,
    action,
    resource: '*',
    decision: { isAllowed: false, refusal },
    statements: [],
    grants: [],
    remedies: remediesFor(refusal, [], [], { action, principal }, undefined),
  }
}

function tracePolicies(policies: readonly CompiledPolicy[], request: RequestContext): readonly StatementTrace[] {
  const counts = new Map<PolicyKind, number>()
  return policies.flatMap((policy) => {
    const number = (counts.get(policy.kind) ?? 0) + 1
    counts.set(policy.kind, number)
    return policy.statements.map((statement) => traceStatement(statement, policy.kind, number, request))
  })
}

function traceStatement(
  compiled: CompiledStatement,
  kind: PolicyKind,
  policy: number,
  request: RequestContext,
): StatementTrace {
  const strength = compiled.matchPrincipal(request.principal, request.valuesOf)
  const conditions = compiled.conditions.map((condition) => traceCondition(condition, request))
  const misses: Miss[] = []
  if (strength === STRENGTH.NONE) misses.push('Principal')
  if (!compiled.matchesAction(request.action)) misses.push('Action')
  if (!compiled.matchesResource(request)) misses.push('Resource')
  if (conditions.some(({ isMet }) => !isMet)) misses.push('Condition')
  return {
    kind,
    policy,
    statement: compiled.index + 1,
    sid: compiled.statement.sid,
    effect: compiled.statement.effect,
    isMatch: misses.length === 0,
    isDelegation: strength === STRENGTH.DELEGATED,
    misses,
    conditions,
  }
}

function traceCondition({ condition, key, isMet }: CompiledCondition, { valuesOf }: RequestContext): ConditionTrace {
  return {
    operator: condition.operatorName,
    key: condition.key,
    wanted: condition.values,
    actual: valuesOf(key),
    isMet: isMet(valuesOf),
  }
}

function remediesFor(
  refusal: Refusal,
  statements: readonly StatementTrace[],
  grants: readonly GrantTrace[],
  { action, principal }: Pick<RequestContext, 'action' | 'principal'>,
  key: KeyPolicies | undefined,
): readonly string[] {
  switch (refusal.type) {
    case 'foreign':
      return [`${action} is only for callers of the key's own account; no policy can change that.`]
    case 'service':
      return [`${refusal.service} never asks for ${action}; no policy can change that.`]
    case 'explicit':
      return statements
        .filter(({ kind, effect, isMatch }) => kind === refusal.kind && effect === 'Deny' && isMatch)
        .map((trace) => `${nameOf(trace)} denies it; it would have to go, or not to match.`)
    case 'implicit':
      if (key?.isByGrantAlone === true && refusal.kind === 'resource-based policy') {
        return [
          'A grant is retired by its retiring principal, by its grantee if RetireGrant is among its operations, or by ' +
            `the account that made it; ${principal.arn} is none of them.`,
        ]
      }
      return [
        `${capitalize(withArticle(refusal.kind))} would have to allow ${action} for ${principal.arn}; none does.`,
        ...statements
          .filter(({ kind, effect, misses }) => kind === refusal.kind && effect === 'Allow' && misses.length === 1)
          .map((trace) => `${nameOf(trace)} would, but for its ${missOf(trace)}.`),
        ...grants
          .filter(({ misses }) => misses.length === 1)
          .map((trace) => `${nameOfGrant(trace)} would, but for ${describeMisses(trace)}.`),
      ]
    default:
      return refusal satisfies never
  }
}

/** Such as `Statement 2 ("Allow use") of resource-based policy 1`. */
export function nameOf({ kind, policy, statement, sid }: StatementTrace): string {
  const title = sid === undefined ? '' : ` ("${sid}")`
  return `Statement ${statement}${title} of ${kind} ${policy}`
}

/** Such as `Grant 01ab... ("backup")`. */
export function nameOfGrant({ grantId, name }: GrantTrace): string {
  return name === '' ? `Grant ${grantId}` : `Grant ${grantId} ("${name}")`
}

/** What a grant lacked, in words. */
export function describeMisses({ misses }: GrantTrace): string {
  return misses.map((miss) => GRANT_MISSES[miss]).join(', ')
}

const GRANT_MISSES: Readonly<Record<GrantMiss, string>> = {
  Operations: 'its operations',
  EncryptionContext: 'its constraint on the encryption context',
  SourceArn: 'its constraint on the source',
  Child: 'what the new grant would allow beyond it',
  NotYetEffective: 'its not being in effect without its token',
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function missOf({ misses, conditions }: StatementTrace): string {
  const [miss] = misses
  if (miss !== 'Condition') return miss ?? ''
  return conditions
    .filter(({ isMet }) => !isMet)
    .map(({ operator, key, wanted, actual }) => {
      const found = actual === undefined ? 'absent' : actual.join(', ')
      return `condition ${operator} ${key}: wanted ${wanted.join(' or ')}, was ${found}`
    })
    .join('; ')
}
