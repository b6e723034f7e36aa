/**
 * Compiles shapes to checks: closures that find what is wrong with a value.
 *
 * A check allocates nothing for a value that is right, except the path of each structure in a list. A value of another
 * type ends the search at once, as parsing comes before validation; constraints that fail are collected.
 *
 * @spec wire §3
 */
import { KmsError } from '../errors.ts'
import { blobConstraints, integerConstraints, listConstraints, NOT_NULL_RULE, stringConstraints } from './constraint.ts'
import type { Constraint } from './constraint.ts'
import { isBoolean, isBytes, isInteger, isPlainObject, isText, isTime } from './host-type.ts'
import { formatFault, formatFaults, formatMemberName, formatMismatch } from './quote.ts'
import type { ListShape, Shape, StructureShape } from './shape.ts'

/** Constraints that failed so far; absent while none has. */
export type Faults = string[] | undefined

/** Takes a value that is neither null nor undefined, its path, and what was wrong before; returns what is wrong now. */
export type Check = (value: unknown, path: string, faults: Faults) => Faults

/** A request with more faults than this is answered with the first ones, lest the answer outgrow the request. */
const MOST_FAULTS = 100

/** @throws KmsError (the check does) `SerializationException` for a value of another type than the shape's. */
export function compileCheck(shape: Shape): Check {
  switch (shape.type) {
    case 'string':
    case 'blob':
    case 'integer':
    case 'boolean':
    case 'timestamp':
      return compileScalar(shape, scalarOf(shape))
    case 'list':
      return isScalar(shape.member) ? compileScalarList(shape, scalarOf(shape.member)) : compileList(shape)
    case 'map':
      return checkMap
    case 'structure':
      return compileStructure(shape)
  }
}

/** A scalar's type with the type test that its constraints rely on. */
interface Scalar {
  readonly expected: string
  readonly isType: (value: unknown) => boolean
  readonly constraints: readonly Constraint<never>[]
}

type ScalarShape = Exclude<Shape, { readonly type: 'list' | 'map' | 'structure' }>

function isScalar(shape: Shape): shape is ScalarShape {
  return shape.type !== 'list' && shape.type !== 'map' && shape.type !== 'structure'
}

function scalarOf(shape: ScalarShape): Scalar {
  switch (shape.type) {
    case 'string':
      return { expected: 'a String', isType: isText, constraints: stringConstraints(shape) }
    case 'blob':
      return { expected: 'a Blob', isType: isBytes, constraints: blobConstraints(shape) }
    case 'integer':
      return { expected: 'an Integer', isType: isInteger, constraints: integerConstraints(shape) }
    case 'boolean':
      return { expected: 'a Boolean', isType: isBoolean, constraints: [] }
    case 'timestamp':
      return { expected: 'a Timestamp', isType: isTime, constraints: [] }
  }
}

function compileScalar(shape: ScalarShape, { expected, isType, constraints }: Scalar): Check {
  return (value, path, before) => {
    if (!isType(value)) throw mismatch(path, expected)
    let faults = before
    for (const { rule, holds } of constraints) {
      if (!holds(value as never)) faults = addFault(faults, formatFault(shape, value, path, rule))
    }
    return faults
  }
}

/** AWS reports a scalar in a list at the list, with every constraint that the list's members have. */
function compileScalarList(shape: ListShape, { expected, isType, constraints }: Scalar): Check {
  const checkLength = compileLength(shape)
  const rule = `Member must satisfy constraint: [${constraints.map((constraint) => constraint.rule).join(', ')}]`
  const nullRule = `Member must satisfy constraint: [${NOT_NULL_RULE}]`
  const isRight = (value: unknown): boolean => constraints.every(({ holds }) => holds(value as never))
  return (list, path, before) => {
    if (!Array.isArray(list)) throw mismatch(path, 'a List')
    let hasNull = false
    let hasWrong = false
    for (let index = 0; index < list.length; index += 1) {
      const value: unknown = list[index]
      if (value === undefined || value === null) hasNull = true
      else if (!isType(value)) throw mismatch(`${path}.${index + 1}.member`, expected)
      else if (!hasWrong) hasWrong = !isRight(value)
    }
    let faults = checkLength(list, path, before)
    if (hasWrong) faults = addFault(faults, formatFault(shape, list, path, rule))
    if (hasNull) faults = addFault(faults, formatFault(shape, list, path, nullRule))
    return faults
  }
}

function compileList(shape: ListShape): Check {
  const checkLength = compileLength(shape)
  const checkMember = compileCheck(shape.member)
  return (list, path, before) => {
    if (!Array.isArray(list)) throw mismatch(path, 'a List')
    let faults = checkLength(list, path, before)
    for (let index = 0; index < list.length; index += 1) {
      const value: unknown = list[index]
      const memberPath = `${path}.${index + 1}.member`
      if (value === undefined || value === null)
        faults = addFault(faults, formatFault(shape, null, memberPath, NOT_NULL_RULE))
      else faults = checkMember(value, memberPath, faults)
    }
    return faults
  }
}

function compileLength(shape: ListShape): (list: readonly unknown[], path: string, faults: Faults) => Faults {
  const constraints = listConstraints(shape)
  return (list, path, before) => {
    let faults = before
    for (const { rule, holds } of constraints) {
      if (!holds(list)) faults = addFault(faults, formatFault(shape, list, path, rule))
    }
    return faults
  }
}

/** Keys are not named in messages: they are the caller's, and of any length. */
function checkMap(map: unknown, path: string, before: Faults): Faults {
  if (!isPlainObject(map)) throw mismatch(path, 'a Map')
  let hasNull = false
  for (const key in map) {
    if (!Object.hasOwn(map, key)) continue
    const value = map[key]
    if (value === undefined || value === null) hasNull = true
    else if (!isText(value) || !isText(key)) throw mismatch(path, 'a Map of String to String')
  }
  if (!hasNull) return before
  return addFault(
    before,
    formatFault({ type: 'map' }, map, path, `Map value must satisfy constraint: [${NOT_NULL_RULE}]`),
  )
}

function compileStructure({ members }: StructureShape): Check {
  const checks = Object.entries(members).map(([name, { shape, required }]) => ({
    name,
    shape,
    isRequired: required === true,
    // At the request itself, where the path is empty, this is the whole path, and nothing is put together.
    path: formatMemberName(name),
    check: compileCheck(shape),
  }))
  return (structure, path, before) => {
    if (!isPlainObject(structure)) throw mismatch(path, 'a Structure')
    let faults = before
    for (const member of checks) {
      const value = structure[member.name]
      if (value !== undefined && value !== null && Object.hasOwn(structure, member.name)) {
        faults = member.check(value, path === '' ? member.path : `${path}.${member.path}`, faults)
      } else if (member.isRequired) {
        const memberPath = path === '' ? member.path : `${path}.${member.path}`
        faults = addFault(faults, formatFault(member.shape, null, memberPath, NOT_NULL_RULE))
      }
    }
    return faults
  }
}

function addFault(before: Faults, fault: string): string[] {
  const faults = before ?? []
  faults.push(fault)
  if (faults.length >= MOST_FAULTS) throw refusal(faults)
  return faults
}

export function refusal(faults: readonly string[]): KmsError {
  return new KmsError('ValidationException', formatFaults(faults))
}

function mismatch(path: string, expected: string): KmsError {
  return new KmsError('SerializationException', formatMismatch(path, expected))
}
