/**
 * From the values of a condition to one function that compares a request's value with all of them.
 *
 * Whatever can be prepared is prepared here; only texts with variables are looked at again for each request.
 *
 * @spec IAM policy reference, condition operators
 */

import type { Operator, Order } from './operator.ts'
import type { ConditionValues } from './request-context.ts'
import {
  type AddressBlock,
  isInside,
  parseAddressBlock,
  parseBinary,
  parseBoolean,
  parseDate,
  parseNumber,
  splitArn,
} from './value.ts'
import { type TemplatePart, isFixed, parseTemplate, resolveTemplate, tokensOf } from './variable.ts'
import { type Matcher, type Token, compileWildcard, lengthOf } from './wildcard.ts'

/** Whether a value of the request is equal to one of the condition's, or in its order. */
export type ValueTest = (actual: string, valuesOf: ConditionValues) => boolean

export function compileValues(operator: Operator, values: readonly string[], hasVariables: boolean): ValueTest {
  const { comparison, order } = operator
  switch (comparison) {
    case 'string':
      return compileTexts(values, { isWildcard: false, isIgnoringCase: false, hasVariables })
    case 'string-ignore-case':
      return compileTexts(values, { isWildcard: false, isIgnoringCase: true, hasVariables })
    case 'wildcard':
      return compileTexts(values, { isWildcard: true, isIgnoringCase: false, hasVariables })
    case 'arn':
      return anyOf(values.map((value) => compileArn(value, hasVariables, 'exact')))
    case 'number':
      return compileOrdered(values, parseNumber, order)
    case 'date':
      return compileOrdered(values, parseDate, order)
    case 'boolean':
      return compileOrdered(values, parseBoolean, '=')
    case 'binary':
      return compileOrdered(values, parseBinary, '=')
    case 'ip-address':
      return compileAddresses(values)
    case 'presence':
      // Decided by whether there is a value; see `compile-condition.ts`.
      return () => true
    default:
      return comparison satisfies never
  }
}

interface TextRules {
  readonly isWildcard: boolean
  readonly isIgnoringCase: boolean
  readonly hasVariables: boolean
}

function compileTexts(values: readonly string[], rules: TextRules): ValueTest {
  const { isWildcard, isIgnoringCase, hasVariables } = rules
  const fold = isIgnoringCase ? (text: string) => text.toLowerCase() : (text: string) => text
  const templates = values.map((value) => templateOf(value, isWildcard, hasVariables))
  const literals = new Set<string>()
  const tests: ValueTest[] = []
  for (const template of templates) {
    const literal = isFixed(template) ? literalOf(template) : undefined
    if (literal !== undefined) literals.add(fold(literal))
    else tests.push(compileTemplate(template, fold))
  }
  if (tests.length === 0) return (actual) => literals.has(fold(actual))
  return (actual, valuesOf) => literals.has(fold(actual)) || tests.some((test) => test(actual, valuesOf))
}

/** A well-formed text as its parts; without variables `${` is text like any other. */
function templateOf(text: string, isWildcard: boolean, hasVariables: boolean): readonly TemplatePart[] {
  return (hasVariables ? parseTemplate(text, isWildcard) : undefined) ?? tokensOf(text, isWildcard)
}

/** @returns the text of tokens of which none is special */
function literalOf(tokens: readonly Token[]): string | undefined {
  let text = ''
  for (const token of tokens) {
    if (typeof token === 'string') return undefined
    text += token.literal
  }
  return text
}

function compileTemplate(template: readonly TemplatePart[], fold: (text: string) => string): ValueTest {
  if (isFixed(template)) {
    const matches = compileFolded(template, fold)
    return (actual) => matches(fold(actual))
  }
  return (actual, valuesOf) => {
    const tokens = resolveTemplate(template, valuesOf)
    if (tokens === undefined) return false
    // The usual text has no star in it, and is compared as it is.
    const literal = literalOf(tokens)
    if (literal !== undefined) return fold(literal) === fold(actual)
    // What the request puts into a pattern may be long, and is not worth preparing when it cannot match.
    return lengthOf(tokens) <= actual.length && compileFolded(tokens, fold)(fold(actual))
  }
}

function compileFolded(tokens: readonly Token[], fold: (text: string) => string): Matcher {
  return compileWildcard(tokens.map((token) => (typeof token === 'string' ? token : { literal: fold(token.literal) })))
}

const ARN_PARTS = 6

/**
 * ARNs are compared part by part: a star never reaches across one of the first five colons.
 *
 * @param rule whether an ARN with fewer parts is none, or is completed with stars as the Resource element's are
 */
export function compileArn(pattern: string, hasVariables: boolean, rule: 'exact' | 'completed'): ValueTest {
  if (pattern === '*') return (actual) => splitArn(actual) !== undefined
  const parts = splitTemplate(templateOf(pattern, true, hasVariables))
  if (parts.length < ARN_PARTS && rule === 'exact') return () => false
  const tests = parts.map((part) => compileTemplate(part, (text) => text))
  return (actual, valuesOf) => {
    const actualParts = splitArn(actual)
    return actualParts !== undefined && tests.every((test, i) => test(actualParts[i] ?? '', valuesOf))
  }
}

/** Cuts at the first five colons of what is written out; what a variable stands for has no part in this. */
function splitTemplate(template: readonly TemplatePart[]): ReadonlyArray<readonly TemplatePart[]> {
  const parts: TemplatePart[][] = [[]]
  for (const piece of template) {
    if (typeof piece === 'string' || 'key' in piece) {
      parts.at(-1)?.push(piece)
      continue
    }
    const texts = piece.literal.split(':')
    const cuts = Math.min(texts.length - 1, ARN_PARTS - parts.length)
    const rest = texts.slice(cuts).join(':')
    for (const [i, literal] of [...texts.slice(0, cuts), rest].entries()) {
      if (i > 0) parts.push([])
      if (literal !== '') parts.at(-1)?.push({ literal })
    }
  }
  return parts
}

function compileOrdered(values: readonly string[], parse: (text: string) => unknown, order: Order): ValueTest {
  const wanted = values.map(parse).filter((value) => value !== undefined)
  const holds = ORDERS[order]
  return (actual) => {
    const value = parse(actual)
    return value !== undefined && wanted.some((one) => holds(value, one))
  }
}

const ORDERS: Readonly<Record<Order, (a: unknown, b: unknown) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => Number(a) < Number(b),
  '<=': (a, b) => Number(a) <= Number(b),
  '>': (a, b) => Number(a) > Number(b),
  '>=': (a, b) => Number(a) >= Number(b),
}

function compileAddresses(values: readonly string[]): ValueTest {
  const blocks = values.map(parseAddressBlock).filter((block): block is AddressBlock => block !== undefined)
  return (actual) => {
    const address = parseAddressBlock(actual)
    return address !== undefined && blocks.some((block) => isInside(address, block))
  }
}

function anyOf(tests: readonly ValueTest[]): ValueTest {
  return (actual, valuesOf) => tests.some((test) => test(actual, valuesOf))
}

/** The keys that the variables of a text ask for, in lower case. */
export function variablesOf(text: string): readonly string[] {
  return (parseTemplate(text, true) ?? []).flatMap((part) =>
    typeof part !== 'string' && 'key' in part ? [part.key] : [],
  )
}
