/**
 * Reads AWS's own model of KMS (a Smithy 2.0 AST in JSON) into ours.
 *
 * What is dropped is named here, one by one: a trait that this file does not know stops the derivation, so that
 * nothing is lost without anyone having decided so.
 */
import { indexShapes, reachableShapes } from './model.ts'
import type { ApiModel, Bounds, EnumModel, MemberModel, OperationModel, ScalarModel, ShapeModel } from './model.ts'

interface Traits {
  readonly [trait: string]: unknown
}

interface Reference {
  readonly target: string
  readonly traits?: Traits
}

interface SmithyShape {
  readonly type: string
  readonly traits?: Traits
  readonly members?: { readonly [name: string]: Reference }
  readonly member?: Reference
  readonly key?: Reference
  readonly value?: Reference
  readonly input?: Reference
  readonly output?: Reference
  readonly errors?: readonly Reference[]
}

export interface SmithyModel {
  readonly shapes: { readonly [id: string]: SmithyShape }
}

/** Traits that constrain nothing here, or whose meaning the shape's kind already carries. */
const DROPPED_TRAITS: ReadonlySet<string> = new Set([
  // Every default of this API is `false` for an absent boolean.
  'smithy.api#default',
  // Only as a mark of a member does it survive; one enumeration carries it too.
  'smithy.api#deprecated',
  'smithy.api#enumValue',
  'smithy.api#input',
  'smithy.api#output',
  'smithy.api#paginated',
])

const KEPT_TRAITS: ReadonlySet<string> = new Set([
  'smithy.api#length',
  'smithy.api#pattern',
  'smithy.api#range',
  'smithy.api#required',
  'smithy.api#sensitive',
])

/** @throws RangeError when the model says something that ours has no words for. */
export function readSmithy(smithy: SmithyModel): ApiModel {
  const operations: OperationModel[] = []
  const shapes: ShapeModel[] = []
  for (const [id, shape] of Object.entries(smithy.shapes)) {
    const name = localName(id)
    if (shape.type === 'operation') operations.push(readOperation(name, shape))
    else if (shape.type !== 'service' && !isError(shape)) shapes.push(readShape(name, shape))
  }
  // Error structures all hold one message and need no shape; what only they use is left out with them.
  const index = indexShapes({ operations, shapes })
  const used = new Set<string>()
  for (const { input, output = input } of operations)
    for (const root of [input, output]) reachableShapes(index, root, used)
  return {
    operations: operations.toSorted(byName),
    shapes: shapes.filter((shape) => used.has(shape.name)).toSorted(byName),
  }
}

function readOperation(name: string, shape: SmithyShape): OperationModel {
  refuseUnknownTraits(name, shape.traits)
  const output = localName(targetOf(name, shape.output))
  return {
    name,
    input: localName(targetOf(name, shape.input)),
    ...(output !== 'Unit' && { output }),
    errors: (shape.errors ?? []).map((error) => localName(error.target)).toSorted(),
  }
}

function readShape(name: string, shape: SmithyShape): ShapeModel {
  refuseUnknownTraits(name, shape.traits)
  switch (shape.type) {
    case 'structure':
      return { kind: 'structure', name, members: Object.entries(shape.members ?? {}).map(readMember) }
    case 'enum':
      return readEnum(name, shape)
    case 'list':
      return { kind: 'list', name, member: localName(targetOf(name, shape.member)), ...readBounds(shape) }
    case 'map':
      return {
        kind: 'map',
        name,
        key: localName(targetOf(name, shape.key)),
        value: localName(targetOf(name, shape.value)),
      }
    case 'string':
    case 'blob':
    case 'integer':
    case 'boolean':
    case 'timestamp':
      return readScalar(name, shape.type, shape)
    default:
      throw new RangeError(`${name}: no words for a ${shape.type}`)
  }
}

function readMember([name, reference]: [string, Reference]): MemberModel {
  refuseUnknownTraits(name, reference.traits)
  return {
    name,
    target: localName(reference.target),
    isRequired: hasTrait(reference, 'smithy.api#required'),
    isDeprecated: hasTrait(reference, 'smithy.api#deprecated'),
  }
}

function readEnum(name: string, shape: SmithyShape): EnumModel {
  const values = Object.entries(shape.members ?? {}).map(([label, member]) => {
    if (member.traits?.['smithy.api#enumValue'] !== label)
      throw new RangeError(`${name}.${label}: value differs from label`)
    return label
  })
  return { kind: 'enum', name, values }
}

function readScalar(name: string, kind: ScalarModel['kind'], shape: SmithyShape): ScalarModel {
  const pattern = shape.traits?.['smithy.api#pattern']
  return {
    kind,
    name,
    ...readBounds(shape),
    ...(typeof pattern === 'string' && { pattern }),
    isSensitive: hasTrait(shape, 'smithy.api#sensitive'),
  }
}

function readBounds(shape: SmithyShape): { readonly bounds?: Bounds } {
  const bounds = shape.traits?.['smithy.api#length'] ?? shape.traits?.['smithy.api#range']
  if (typeof bounds !== 'object' || bounds === null) return {}
  const { min, max } = bounds as Bounds
  return { bounds: { ...(min !== undefined && { min }), ...(max !== undefined && { max }) } }
}

function refuseUnknownTraits(name: string, traits: Traits | undefined): void {
  for (const trait of Object.keys(traits ?? {})) {
    if (!DROPPED_TRAITS.has(trait) && !KEPT_TRAITS.has(trait)) throw new RangeError(`${name}: no words for ${trait}`)
  }
}

function isError(shape: SmithyShape): boolean {
  return shape.traits?.['smithy.api#error'] !== undefined
}

function hasTrait(holder: { readonly traits?: Traits }, trait: string): boolean {
  return holder.traits?.[trait] !== undefined
}

function targetOf(name: string, reference: Reference | undefined): string {
  if (reference === undefined) throw new RangeError(`${name}: a target is missing`)
  return reference.target
}

function localName(id: string): string {
  return id.slice(id.indexOf('#') + 1)
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : 1
}
