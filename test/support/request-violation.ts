/**
 * Every way to break one constraint of a shape, with the refusal that it must meet.
 *
 * Written against the data in `operationShapes`, not against the validator: the wording stands here a second time on
 * purpose.
 */
import type { Shape, StructureShape } from '@softkms/kms'

type StringShape = Extract<Shape, { readonly type: 'string' }>

export interface Violation {
  /** Where the bad value goes in the request: member names, and 0 for the first element of a list. */
  readonly place: readonly (string | number)[]
  readonly value: unknown
  /** The path that the refusal names. */
  readonly path: string
  readonly rule: string
}

/** In no class of any pattern and in no enumeration. */
const FOREIGN = '☃'

export function violationsOf(shape: StructureShape, place: Violation['place'] = [], path = ''): readonly Violation[] {
  return Object.entries(shape.members).flatMap(([name, member]) => {
    const memberPlace = [...place, name]
    const memberPath = `${path === '' ? '' : `${path}.`}${name.slice(0, 1).toLowerCase()}${name.slice(1)}`
    const missing = [null, undefined].map((value) => ({
      place: memberPlace,
      value,
      path: memberPath,
      rule: 'Member must not be null',
    }))
    return [...(member.required === true ? missing : []), ...violationsOfValue(member.shape, memberPlace, memberPath)]
  })
}

function violationsOfValue(shape: Shape, place: Violation['place'], path: string): readonly Violation[] {
  switch (shape.type) {
    case 'string':
      return violationsOfText(shape).map((violation) => ({ ...violation, place, path }))
    case 'blob':
      return lengthViolations(shape, (length) => new Uint8Array(length)).map((violation) => ({
        ...violation,
        place,
        path,
      }))
    case 'integer':
      return rangeViolations(shape).map((violation) => ({ ...violation, place, path }))
    case 'list':
      return violationsOfList(shape, place, path)
    case 'structure':
      return violationsOf(shape, place, path)
    case 'boolean':
    case 'timestamp':
    case 'map':
      return []
  }
}

function violationsOfList(
  shape: Extract<Shape, { type: 'list' }>,
  place: Violation['place'],
  path: string,
): readonly Violation[] {
  const { member } = shape
  const lengths = lengthViolations(shape, (length) => Array.from({ length }, () => 'x'))
  if (member.type === 'structure') return violationsOf(member, [...place, 0], `${path}.1.member`)
  const broken = member.type === 'string' ? violationsOfText(member) : []
  const all = [
    ...(member.type === 'string' && member.max !== undefined ? [atMost(member.max)] : []),
    ...(member.type === 'string' && member.min !== undefined ? [atLeast(member.min)] : []),
    ...(member.type === 'string' && member.values !== undefined ? [enumRule(member.values)] : []),
  ].join(', ')
  return [
    ...lengths.map((violation) => ({ ...violation, place, path })),
    ...broken.map(({ value }) => ({ place, path, value: [value], rule: `Member must satisfy constraint: [${all}]` })),
    { place, path, value: [null], rule: 'Member must satisfy constraint: [Member must not be null]' },
  ]
}

type Broken = Pick<Violation, 'value' | 'rule'>

function violationsOfText(shape: StringShape): readonly Broken[] {
  const { pattern, values, min } = shape
  if (values !== undefined) return [{ value: FOREIGN, rule: enumRule(values) }]
  const lengths = lengthViolations(shape, (length) => 'a'.repeat(length))
  if (pattern === undefined) return lengths
  return [
    ...lengths,
    { value: FOREIGN.repeat(min ?? 1), rule: `Member must satisfy regular expression pattern: ${pattern}` },
  ]
}

function lengthViolations(
  { min, max }: { readonly min?: number; readonly max?: number },
  ofLength: (length: number) => unknown,
): readonly Broken[] {
  return [
    ...(max === undefined ? [] : [{ value: ofLength(max + 1), rule: atMost(max) }]),
    ...(min === undefined || min === 0 ? [] : [{ value: ofLength(min - 1), rule: atLeast(min) }]),
  ]
}

function rangeViolations({ min, max }: { readonly min?: number; readonly max?: number }): readonly Broken[] {
  return [
    ...(max === undefined ? [] : [{ value: max + 1, rule: `Member must have value less than or equal to ${max}` }]),
    ...(min === undefined ? [] : [{ value: min - 1, rule: `Member must have value greater than or equal to ${min}` }]),
  ]
}

function atMost(max: number): string {
  return `Member must have length less than or equal to ${max}`
}

function atLeast(min: number): string {
  return `Member must have length greater than or equal to ${min}`
}

function enumRule(values: readonly string[]): string {
  return `Member must satisfy enum value set: [${values.join(', ')}]`
}
