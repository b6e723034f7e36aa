/** An explanation as text, for a terminal or a log: the verdict, what would change it, every statement and every grant. */

import type { GrantTrace } from '../grant/find-grants.ts'
import { type Explanation, type StatementTrace, describeMisses, nameOf, nameOfGrant } from './explain.ts'
import { withArticle } from './statement.ts'

export function formatExplanation(explanation: Explanation): string {
  const { principal, action, resource, decision, remedies, statements, grants } = explanation
  const verdict = decision.isAllowed ? `allowed by ${decision.grounds}` : `denied: ${describe(explanation)}`
  return [
    `${principal} asks for ${action} on ${resource}`,
    `  ${verdict}`,
    ...remedies.map((remedy) => `  ${remedy}`),
    ...statements.flatMap(formatStatement),
    ...grants.map(formatGrantTrace),
  ].join('\n')
}

function describe({ decision }: Explanation): string {
  if (decision.isAllowed) return ''
  const { refusal } = decision
  if (refusal.type === 'foreign') return 'only for callers of the same account'
  if (refusal.type === 'service') return `not for ${refusal.service}`
  return refusal.type === 'explicit' ? `explicit deny in ${withArticle(refusal.kind)}` : `no ${refusal.kind} allows it`
}

function formatStatement(trace: StatementTrace): readonly string[] {
  const { effect, isMatch, isDelegation, misses, conditions } = trace
  const outcome = isMatch ? (isDelegation ? 'matches the account' : 'matches') : `misses by ${misses.join(', ')}`
  return [
    `  - ${nameOf(trace)}, ${effect}: ${outcome}`,
    ...conditions.map(({ operator, key, wanted, actual, isMet }) => {
      const found = actual === undefined ? 'absent' : actual.join(', ')
      return `      ${isMet ? 'met' : 'not met'}: ${operator} ${key}, wanted ${wanted.join(' or ')}, is ${found}`
    }),
  ]
}

function formatGrantTrace(trace: GrantTrace): string {
  const { grantee, isMatch, isDelegation } = trace
  const outcome = isMatch ? (isDelegation ? 'matches the account' : 'matches') : `misses by ${describeMisses(trace)}`
  return `  - ${nameOfGrant(trace)}, to ${grantee}: ${outcome}`
}
