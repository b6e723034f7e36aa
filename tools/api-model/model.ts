/**
 * The KMS API as this repository keeps it: what the model files hold, as data.
 *
 * Names are AWS's own. A shape refers to another by name; `indexShapes` proves that every name resolves.
 */

/** Least and greatest length of a string, blob or list, or the value of an integer. Both ends are included. */
export interface Bounds {
  readonly min?: number
  readonly max?: number
}

export interface ScalarModel {
  readonly kind: 'string' | 'blob' | 'integer' | 'boolean' | 'timestamp'
  readonly name: string
  readonly bounds?: Bounds
  readonly pattern?: string
  readonly isSensitive: boolean
}

export interface ListModel {
  readonly kind: 'list'
  readonly name: string
  readonly member: string
  readonly bounds?: Bounds
}

export interface MapModel {
  readonly kind: 'map'
  readonly name: string
  readonly key: string
  readonly value: string
}

export interface EnumModel {
  readonly kind: 'enum'
  readonly name: string
  readonly values: readonly string[]
}

export interface MemberModel {
  readonly name: string
  readonly target: string
  readonly isRequired: boolean
  readonly isDeprecated: boolean
}

export interface StructureModel {
  readonly kind: 'structure'
  readonly name: string
  readonly members: readonly MemberModel[]
}

export type ShapeModel = ScalarModel | ListModel | MapModel | EnumModel | StructureModel

export interface OperationModel {
  readonly name: string
  readonly input: string
  /** Absent for an operation that answers with an empty body. */
  readonly output?: string
  readonly errors: readonly string[]
}

export interface ApiModel {
  readonly operations: readonly OperationModel[]
  readonly shapes: readonly ShapeModel[]
}

export type ShapeIndex = ReadonlyMap<string, ShapeModel>

/** @throws RangeError when a name is defined twice, or used and not defined. */
export function indexShapes(model: ApiModel): ShapeIndex {
  const index = new Map<string, ShapeModel>()
  for (const shape of model.shapes) {
    if (index.has(shape.name)) throw new RangeError(`${shape.name} is defined twice`)
    index.set(shape.name, shape)
  }
  for (const shape of model.shapes) for (const name of referredNames(shape)) findShape(index, name)
  for (const operation of model.operations) {
    findShape(index, operation.input)
    if (operation.output !== undefined) findShape(index, operation.output)
  }
  return index
}

/** @throws RangeError when there is no such shape. */
export function findShape(index: ShapeIndex, name: string): ShapeModel {
  const shape = index.get(name)
  if (shape === undefined) throw new RangeError(`${name} is used but not defined`)
  return shape
}

/** The shapes that a shape names directly. */
export function referredNames(shape: ShapeModel): readonly string[] {
  switch (shape.kind) {
    case 'list':
      return [shape.member]
    case 'map':
      return [shape.key, shape.value]
    case 'structure':
      return shape.members.map((member) => member.target)
    default:
      return []
  }
}

/** Every shape that `root` needs, itself included, each after the shapes that it needs. */
export function reachableShapes(index: ShapeIndex, root: string, seen: Set<string> = new Set()): readonly ShapeModel[] {
  if (seen.has(root)) return []
  seen.add(root)
  const shape = findShape(index, root)
  return [...referredNames(shape).flatMap((name) => reachableShapes(index, name, seen)), shape]
}
