/**
 * The Condition element: operators, keys and the values that they are compared with.
 *
 * @spec IAM policy elements, Condition; KMS authorization §2 (OverlyPermissiveCondition)
 */

import { NO_VENDOR, malformed, overlyPermissive } from './fault.ts'
import { type Comparison, OPERATORS } from './operator.ts'
import type { Condition } from './statement.ts'
import { parseAddressBlock, parseBinary, parseBoolean, parseDate, parseNumber } from './value.ts'
import { parseTemplate } from './variable.ts'

const QUANTIFIED = /^(?:(?<quantifier>ForAllValues|ForAnyValue):)?(?<name>[A-Za-z]+?)(?<ifExists>IfExists)?$/

export interface ConditionSurroundings {
  readonly hasVariables: boolean
  readonly place: string
}

/** @throws KmsError `MalformedPolicyDocumentException` */
export function parseConditions(value: unknown, around: ConditionSurroundings): readonly Condition[] {
  if (value === undefined) return []
  return entriesOf(value, around).flatMap(([operatorName, keys]) => {
    const named = parseOperator(operatorName, around)
    return entriesOf(keys, around).map(([key, values]) => parseCondition(named, key, values, around))
  })
}

function entriesOf(value: unknown, { place }: ConditionSurroundings): ReadonlyArray<readonly [string, unknown]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`Condition of ${place} must be an object of objects.`)
  }
  return Object.entries(value)
}

type NamedOperator = Omit<Condition, 'key' | 'values'>

function parseOperator(operatorName: string, { place }: ConditionSurroundings): NamedOperator {
  const { quantifier, name = '', ifExists } = QUANTIFIED.exec(operatorName)?.groups ?? {}
  const operator = OPERATORS.get(name)
  if (operator === undefined || (name === 'Null' && (ifExists !== undefined || quantifier !== undefined))) {
    throw malformed(`Condition of ${place} has an unknown operator, ${operatorName}.`)
  }
  return {
    operator,
    operatorName,
    quantifier: quantifier === 'ForAllValues' || quantifier === 'ForAnyValue' ? quantifier : undefined,
    isIfExists: ifExists !== undefined,
  }
}

function parseCondition(
  named: NamedOperator,
  key: string,
  value: unknown,
  { hasVariables, place }: ConditionSurroundings,
): Condition {
  const { operator, operatorName, quantifier } = named
  if (!/^[A-Za-z0-9-]+:./.test(key)) throw malformed(NO_VENDOR)
  if (quantifier === 'ForAllValues') assertNotOverlyPermissive(key)

  const values = (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map(textOf)
  for (const text of values) {
    if (text === undefined || !isValue(operator.comparison, text, hasVariables)) {
      throw malformed(`Condition of ${place} has a value for ${key} that ${operatorName} cannot compare.`)
    }
  }
  return { ...named, key, values: values.filter((text) => text !== undefined) }
}

function assertNotOverlyPermissive(key: string): void {
  const lower = key.toLowerCase()
  if (lower.startsWith('kms:encryptioncontext:')) throw malformed(overlyPermissive('encryption context'))
  if (lower.startsWith('aws:requesttag/')) throw malformed(overlyPermissive('tag'))
}

/** JSON's numbers and booleans are taken for the text that writes them. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

function isValue(comparison: Comparison, text: string, hasVariables: boolean): boolean {
  switch (comparison) {
    case 'string':
    case 'string-ignore-case':
    case 'wildcard':
    case 'arn':
      return !hasVariables || parseTemplate(text, true) !== undefined
    case 'number':
      return parseNumber(text) !== undefined
    case 'date':
      return parseDate(text) !== undefined
    case 'boolean':
    case 'presence':
      return parseBoolean(text) !== undefined
    case 'binary':
      return parseBinary(text) !== undefined
    case 'ip-address':
      return parseAddressBlock(text) !== undefined
    default:
      return comparison satisfies never
  }
}
