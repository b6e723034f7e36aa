/**
 * From a policy's text to functions, once for each text.
 *
 * A compiled policy knows for each action which of its statements speak of it, so that a decision looks at no other.
 */

import { type CompiledCondition, compileCondition } from './compile-condition.ts'
import { type PrincipalTest, compilePrincipal } from './compile-principal.ts'
import { compileArn, variablesOf } from './compile-value.ts'
import { parseDocument } from './parse.ts'
import type { RequestContext } from './request-context.ts'
import type { Clause, PolicyDocument, PolicyKind, Statement } from './statement.ts'
import { compileWildcard, tokenize } from './wildcard.ts'

export interface CompiledStatement {
  readonly statement: Statement
  /** Position in the document, from 0. */
  readonly index: number
  readonly matchesAction: (action: string) => boolean
  readonly matchesResource: (request: RequestContext) => boolean
  readonly matchPrincipal: PrincipalTest
  readonly conditions: readonly CompiledCondition[]
}

export interface CompiledPolicy {
  readonly kind: PolicyKind
  readonly statements: readonly CompiledStatement[]
  /** The statements that speak of an action. */
  readonly about: (action: string) => { readonly denies: Statements; readonly allows: Statements }
  /** Condition keys that any statement asks for, in lower case. */
  readonly keys: ReadonlySet<string>
}

type Statements = readonly CompiledStatement[]

/** @throws KmsError `MalformedPolicyDocumentException` */
export function compilePolicy(text: string, kind: PolicyKind): CompiledPolicy {
  const document = parseDocument(text, kind)
  const statements = document.statements.map((statement, index) => compileStatement(statement, index, document))
  // The engine's own table of actions bounds this map; no request can name another.
  const known = new Map<string, { readonly denies: Statements; readonly allows: Statements }>()
  const about = (action: string): { readonly denies: Statements; readonly allows: Statements } => {
    let found = known.get(action)
    if (found === undefined) {
      const relevant = statements.filter(({ matchesAction }) => matchesAction(action))
      const withEffect = (effect: Statement['effect']): Statements =>
        relevant.filter(({ statement }) => statement.effect === effect)
      found = { denies: withEffect('Deny'), allows: withEffect('Allow') }
      known.set(action, found)
    }
    return found
  }
  return { kind, statements, about, keys: new Set(document.statements.flatMap((one) => keysOf(one, document))) }
}

function compileStatement(
  statement: Statement,
  index: number,
  { kind, hasVariables }: PolicyDocument,
): CompiledStatement {
  return {
    statement,
    index,
    matchesAction: compileActions(statement.action),
    matchesResource: compileResources(statement.resource, hasVariables),
    matchPrincipal: compilePrincipal(statement.principal),
    conditions: statement.conditions.map((condition) => compileCondition(condition, kind, hasVariables)),
  }
}

/** Actions are compared without regard to case. */
function compileActions(clause: Clause<string> | undefined): (action: string) => boolean {
  if (clause === undefined) return () => false
  const matchers = clause.values.map((value) => compileWildcard(tokenize(value.toLowerCase())))
  return (action) => {
    const lower = action.toLowerCase()
    return matchers.some((matches) => matches(lower)) !== clause.isNegated
  }
}

function compileResources(
  clause: Clause<string> | undefined,
  hasVariables: boolean,
): (request: RequestContext) => boolean {
  if (clause === undefined) return () => false
  const { values, isNegated } = clause
  if (values.includes('*')) return () => !isNegated
  const tests = values.map((value) => compileArn(value, hasVariables, 'completed'))
  return ({ resource, valuesOf }) => tests.some((test) => test(resource, valuesOf)) !== isNegated
}

function keysOf({ conditions, resource }: Statement, { hasVariables }: PolicyDocument): readonly string[] {
  const keys = conditions.map(({ key }) => key.toLowerCase())
  if (!hasVariables) return keys
  const texts = [...conditions.flatMap(({ values }) => values), ...(resource?.values ?? [])]
  return [...keys, ...texts.flatMap(variablesOf)]
}
