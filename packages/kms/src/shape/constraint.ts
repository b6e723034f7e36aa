/**
 * What a single value must satisfy, with AWS's wording.
 *
 * @spec wire §3
 */
import type { BlobShape, IntegerShape, ListShape, StringShape } from './shape.ts'

export interface Constraint<Value> {
  /** What AWS says of a value that fails: `Member must ...`. */
  readonly rule: string
  readonly holds: (value: Value) => boolean
}

export const NOT_NULL_RULE = 'Member must not be null'

/**
 * Length is counted in code points, as Smithy defines it for strings; whether AWS counts UTF-16 code units instead
 * is not known, and differs beyond U+FFFF only. The order is AWS's where it lists the constraints of a list's members.
 */
export function stringConstraints(shape: StringShape): readonly Constraint<string>[] {
  const { min, max, pattern, values } = shape
  const constraints: Constraint<string>[] = []
  if (max !== undefined) constraints.push({ rule: atMostLength(max), holds: (text) => hasAtMost(text, max) })
  if (min !== undefined) constraints.push({ rule: atLeastLength(min), holds: (text) => hasAtLeast(text, min) })
  if (pattern !== undefined) {
    const expression = compilePattern(pattern)
    // The stack of a regular expression grows with its text, so a text that is too long by far is not matched at all.
    const mostMatched = max === undefined ? Number.POSITIVE_INFINITY : 2 * max
    constraints.push({
      rule: `Member must satisfy regular expression pattern: ${pattern}`,
      holds: (text) => text.length > mostMatched || expression.test(text),
    })
  }
  if (values !== undefined) {
    const members = new Set(values)
    constraints.push({
      rule: `Member must satisfy enum value set: [${values.join(', ')}]`,
      holds: (text) => members.has(text),
    })
  }
  return constraints
}

export function blobConstraints({ min, max }: BlobShape): readonly Constraint<Uint8Array>[] {
  const constraints: Constraint<Uint8Array>[] = []
  if (max !== undefined) constraints.push({ rule: atMostLength(max), holds: (bytes) => bytes.length <= max })
  if (min !== undefined) constraints.push({ rule: atLeastLength(min), holds: (bytes) => bytes.length >= min })
  return constraints
}

export function listConstraints({ min, max }: ListShape): readonly Constraint<readonly unknown[]>[] {
  const constraints: Constraint<readonly unknown[]>[] = []
  if (max !== undefined) constraints.push({ rule: atMostLength(max), holds: (list) => list.length <= max })
  if (min !== undefined) constraints.push({ rule: atLeastLength(min), holds: (list) => list.length >= min })
  return constraints
}

export function integerConstraints({ min, max }: IntegerShape): readonly Constraint<number>[] {
  const constraints: Constraint<number>[] = []
  if (max !== undefined) {
    constraints.push({ rule: `Member must have value less than or equal to ${max}`, holds: (value) => value <= max })
  }
  if (min !== undefined) {
    constraints.push({ rule: `Member must have value greater than or equal to ${min}`, holds: (value) => value >= min })
  }
  return constraints
}

function atMostLength(max: number): string {
  return `Member must have length less than or equal to ${max}`
}

function atLeastLength(min: number): string {
  return `Member must have length greater than or equal to ${min}`
}

/** A code point takes one or two code units, so most texts are judged by their length alone. */
function hasAtMost(text: string, max: number): boolean {
  return text.length <= max || (text.length <= 2 * max && countCodePoints(text) <= max)
}

function hasAtLeast(text: string, min: number): boolean {
  return text.length >= min && (text.length >= 2 * min || countCodePoints(text) >= min)
}

function countCodePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** AWS's patterns are Java's, where `\s` is ASCII only; KMS uses it within brackets only, where it can be spelt out. */
function compilePattern(pattern: string): RegExp {
  return new RegExp(pattern.replaceAll('\\s', ' \\t\\n\\v\\f\\r'), 'u')
}
