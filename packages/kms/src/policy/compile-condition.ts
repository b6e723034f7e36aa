/**
 * From a condition to the function that asks a request whether it is met.
 *
 * @spec IAM policy elements, Condition; multivalued context keys
 */

import { compileValues } from './compile-value.ts'
import { parseBoolean } from './value.ts'
import type { ConditionValues } from './request-context.ts'
import type { Condition, PolicyKind } from './statement.ts'

export interface CompiledCondition {
  readonly condition: Condition
  /** The name under which values are asked for: the condition's key in lower case. */
  readonly key: string
  readonly isMet: (valuesOf: ConditionValues) => boolean
}

/** Keys that only the policies of callers know: to a key policy they are absent. @spec KMS authorization §6 */
const CALLER_SIDE_KEYS: ReadonlySet<string> = new Set(['kms:resourcealiases'])

/** A name that no key has. */
const ABSENT = ''

export function compileCondition(condition: Condition, kind: PolicyKind, hasVariables: boolean): CompiledCondition {
  const name = condition.key.toLowerCase()
  const key = kind === 'resource-based policy' && CALLER_SIDE_KEYS.has(name) ? ABSENT : name
  return { condition, key, isMet: compileTest(condition, key, hasVariables) }
}

function compileTest(condition: Condition, key: string, hasVariables: boolean): CompiledCondition['isMet'] {
  const { operator, quantifier, isIfExists, values } = condition
  if (operator.comparison === 'presence') {
    const wanted = new Set(values.map((value) => parseBoolean(value)))
    return (valuesOf) => wanted.has(valuesOf(key) === undefined)
  }
  const { isNegated } = operator
  const test = compileValues(operator, values, hasVariables)
  // Of a key that is absent nothing is equal, and with ForAllValues there is nothing that could be wrong.
  const whenAbsent = isIfExists || quantifier === 'ForAllValues' || (quantifier === undefined && isNegated)
  switch (quantifier) {
    case 'ForAllValues':
      return (valuesOf) => {
        const actual = valuesOf(key)
        return actual === undefined ? whenAbsent : actual.every((value) => test(value, valuesOf) !== isNegated)
      }
    case 'ForAnyValue':
      return (valuesOf) => {
        const actual = valuesOf(key)
        return actual === undefined ? whenAbsent : actual.some((value) => test(value, valuesOf) !== isNegated)
      }
    case undefined:
      // For a key with several values this is the whole question, and the negated one its opposite.
      return (valuesOf) => {
        const actual = valuesOf(key)
        return actual === undefined ? whenAbsent : actual.some((value) => test(value, valuesOf)) !== isNegated
      }
    default:
      return quantifier satisfies never
  }
}
