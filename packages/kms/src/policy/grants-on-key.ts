/**
 * From a question about a key to what grants on the key have to say about it.
 *
 * Grants are asked only when policies alone have not settled the matter.
 *
 * @spec KMS authorization §1, §4
 */

import type { GrantedRequest } from '../grant/allowance.ts'
import { type GrantTrace, findGrant, traceGrants } from '../grant/find-grants.ts'
import { readConstraints } from '../grant/format-grant.ts'
import { isGrantable } from '../grant/grantable.ts'
import type { GrantId } from '../grant/grant.ts'
import { strengthToRetire } from '../grant/retirement.ts'
import type { OperationInputs } from '../generated/types.ts'
import type { Members } from '../request.ts'
import type { Store } from '../store/store.ts'
import type { AccessQuestion } from './access.ts'
import type { AuthorizedRequest } from './authorize.ts'
import { STRENGTH, type Strength } from './compile-principal.ts'
import { contextOf } from './condition-keys.ts'
import type { Decision } from './decision.ts'

export type KeyQuestion = Extract<AccessQuestion, { readonly about: 'key' }>

/** Whether a grant could turn a decision that was made without any. */
export function canGrantsTurn(decision: Decision, { action }: KeyQuestion): boolean {
  if (decision.isAllowed || decision.refusal.type !== 'implicit' || !isGrantable(operationOf(action))) return false
  const { kind } = decision.refusal
  return kind !== 'service control policy' && kind !== 'resource control policy'
}

/** How firmly grants let the caller do what it asks for. Of a grant that is to be retired, what that grant says. */
export async function strengthOfGrants(
  store: Store,
  question: KeyQuestion,
  request: AuthorizedRequest,
): Promise<Strength> {
  if (question.grant !== undefined) return strengthToRetire(question.grant, request.principal)
  const granted = grantedRequest(question, request)
  if (granted === undefined) return STRENGTH.NONE
  return (await findGrant(store, question.key, request.principal, granted))?.strength ?? STRENGTH.NONE
}

export async function traceGrantsOnKey(
  store: Store,
  question: KeyQuestion,
  request: AuthorizedRequest,
): Promise<readonly GrantTrace[]> {
  const granted = question.grant === undefined ? grantedRequest(question, request) : undefined
  return granted === undefined ? [] : traceGrants(store, question.key, request.principal, granted)
}

const NO_GRANTS: ReadonlySet<GrantId> = new Set()

function grantedRequest({ action }: KeyQuestion, request: AuthorizedRequest): GrantedRequest | undefined {
  const operation = operationOf(action)
  if (!isGrantable(operation)) return undefined
  const { input, now, presentedGrants = NO_GRANTS, session } = request
  return {
    operation,
    context: contextOf({ action: operation, input }),
    sourceArn: session.get('aws:sourcearn')?.[0],
    now,
    presented: presentedGrants,
    child: operation === 'CreateGrant' ? childOf(input) : undefined,
  }
}

/** The input has passed validation. */
function childOf(input: Members): GrantedRequest['child'] {
  const { Operations: operations, Constraints: constraints } = input as unknown as OperationInputs['CreateGrant']
  return { operations: operations ?? [], constraints: readConstraints(constraints) }
}

function operationOf(action: string): string {
  return action.slice('kms:'.length)
}
