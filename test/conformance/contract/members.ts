/** The members of requests, at every depth. */
import { type Shape, type StructureShape, operationShapes, type OperationName } from '@softkms/kms'

/** Every member of an operation's request: `Tags`, `Tags[].TagKey`, `Constraints.SourceArn`. Maps have none. */
export function listMembers(operation: OperationName): readonly string[] {
  return membersOf(operationShapes[operation].input, '')
}

function membersOf({ members }: StructureShape, prefix: string): string[] {
  return Object.entries(members).flatMap(([name, { shape }]) => [`${prefix}${name}`, ...within(shape, prefix + name)])
}

function within(shape: Shape, path: string): string[] {
  if (shape.type === 'structure') return membersOf(shape, `${path}.`)
  return shape.type === 'list' ? within(shape.member, `${path}[]`) : []
}

/** The request without a member, wherever the path leads. */
export function withoutMember(value: unknown, path: string): unknown {
  return drop(value, path.replaceAll('[]', '.[]').split('.'))
}

function drop(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined || typeof value !== 'object' || value === null) return value
  if (step === '[]') return Array.isArray(value) ? value.map((one) => drop(one, rest)) : value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      if (name !== step) return [[name, inner]]
      return rest.length === 0 ? [] : [[name, drop(inner, rest)]]
    }),
  )
}
