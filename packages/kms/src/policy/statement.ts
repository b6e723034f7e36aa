/** A policy document as a value: what `parse.ts` reads and `compile.ts` turns into functions. */

import type { Operator } from './operator.ts'

/** Which side a policy speaks for, in the words that AWS's refusals use. */
export type PolicyKind =
  | 'resource-based policy'
  | 'identity-based policy'
  | 'permissions boundary'
  | 'session policy'
  | 'service control policy'
  | 'resource control policy'

export function withArticle(kind: PolicyKind): string {
  return `${kind.startsWith('i') ? 'an' : 'a'} ${kind}`
}

export interface PolicyDocument {
  readonly kind: PolicyKind
  /** Whether `${...}` means anything: the newer of the two versions of the language has variables. */
  readonly hasVariables: boolean
  readonly statements: readonly Statement[]
}

export interface Statement {
  readonly sid?: string
  readonly effect: 'Allow' | 'Deny'
  /** Absent in policies whose principal is the one that they are attached to. */
  readonly principal?: Clause<PrincipalName>
  /** A key policy may lack it; the statement then does nothing. */
  readonly action?: Clause<string>
  /** As `action`. */
  readonly resource?: Clause<string>
  readonly conditions: readonly Condition[]
}

/** An element of a statement, such as Action, or with `isNegated` its opposite, such as NotAction. */
export interface Clause<T> {
  readonly isNegated: boolean
  readonly values: readonly T[]
}

/** What a Principal element may name. */
export type PrincipalName =
  | { readonly type: 'anyone' }
  /** An account: it stands for its root user, and lets the account's own policies decide about everybody else. */
  | { readonly type: 'account'; readonly account: string }
  | { readonly type: 'user' | 'assumed-role' | 'federated-user'; readonly arn: string }
  | { readonly type: 'role'; readonly account: string; readonly name: string }
  | { readonly type: 'service'; readonly name: string }
  /** An identity provider, for sessions that began with it. */
  | { readonly type: 'provider'; readonly name: string }

export interface Condition {
  readonly operator: Operator
  /** As it is written, such as `ForAnyValue:StringLike`. */
  readonly operatorName: string
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined
  readonly isIfExists: boolean
  /** As it is written; keys are compared without regard to case. */
  readonly key: string
  readonly values: readonly string[]
}
