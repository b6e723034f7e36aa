/** Writes the model as data: one constant a shape, each after those that it uses, and the table of operations. */
import { findShape, indexShapes, reachableShapes, referredNames } from './model.ts'
import { generateList } from './generate-list.ts'
import type { ApiModel, Bounds, OperationModel, ShapeIndex, ShapeModel } from './model.ts'

export function generateShapes(model: ApiModel): string {
  const index = indexShapes(model)
  const seen = new Set<string>()
  const roots = model.operations.flatMap(({ input, output }) => (output === undefined ? [input] : [input, output]))
  const reached = roots.flatMap((root) => reachableShapes(index, root, seen))
  const mapParts = plainMapParts(index, reached)
  const usedElsewhere = new Set(reached.filter((shape) => shape.kind !== 'map').flatMap(referredNames))
  const shapes = reached.filter(({ name }) => !mapParts.has(name) || usedElsewhere.has(name))
  const typeNames = [...new Set(shapes.map(typeNameOf))].toSorted()
  return [
    'import type {',
    ...['OperationShape', ...typeNames].toSorted().map((name) => `  ${name},`),
    "} from '../shape/shape.ts'",
    "import type { OperationName } from './types.ts'",
    '',
    ...shapes.map((shape) => `const ${constantOf(shape.name)}: ${typeNameOf(shape)} = ${generateValue(shape)}\n`),
    '/** What each operation takes and answers. */',
    'export const operationShapes: { readonly [Name in OperationName]: OperationShape } = {',
    ...model.operations.map(generateRow),
    '}\n',
  ].join('\n')
}

/**
 * The keys and values of maps, which `MapShape` leaves out.
 *
 * @throws RangeError when they are not plain strings: `MapShape` has no words for constraints.
 */
function plainMapParts(index: ShapeIndex, shapes: readonly ShapeModel[]): ReadonlySet<string> {
  const names = new Set(shapes.filter((shape) => shape.kind === 'map').flatMap(referredNames))
  for (const name of names) {
    const { kind, ...rest } = findShape(index, name)
    if (kind !== 'string' || 'bounds' in rest || 'pattern' in rest)
      throw new RangeError(`${name} is not a plain string`)
  }
  return names
}

function generateValue(shape: ShapeModel): string {
  switch (shape.kind) {
    case 'structure':
      return generateStructure(
        shape.members.map((member) => [member.name, constantOf(member.target), member.isRequired]),
      )
    case 'enum':
      return `{\n  type: 'string',\n  values: ${generateList(shape.values)},\n}`
    case 'list':
      return `{ type: 'list', member: ${constantOf(shape.member)}${generateBounds(shape.bounds)} }`
    case 'map':
      return "{ type: 'map' }"
    default: {
      const pattern = shape.pattern === undefined ? '' : `, pattern: ${quote(shape.pattern)}`
      const sensitive = shape.isSensitive ? ', sensitive: true' : ''
      return `{ type: '${shape.kind}'${generateBounds(shape.bounds)}${pattern}${sensitive} }`
    }
  }
}

function generateStructure(members: readonly (readonly [string, string, boolean])[]): string {
  const lines = members.map(
    ([name, constant, isRequired]) => `    ${name}: { shape: ${constant}${isRequired ? ', required: true' : ''} },\n`,
  )
  return `{\n  type: 'structure',\n  members: {${lines.length === 0 ? '' : `\n${lines.join('')}  `}},\n}`
}

function generateBounds(bounds: Bounds | undefined): string {
  const min = bounds?.min === undefined ? '' : `, min: ${bounds.min}`
  return bounds?.max === undefined ? min : `${min}, max: ${bounds.max}`
}

function generateRow({ name, input, output }: OperationModel): string {
  return `  ${name}: { input: ${constantOf(input)}${output === undefined ? '' : `, output: ${constantOf(output)}`} },`
}

function typeNameOf(shape: ShapeModel): string {
  const kind = shape.kind === 'enum' ? 'string' : shape.kind
  return `${kind[0]?.toUpperCase()}${kind.slice(1)}Shape`
}

/** `KeyIdType` → `keyIdType`, `AWSAccountIdType` → `awsAccountIdType`. */
function constantOf(name: string): string {
  return name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]/u, (start) => start.toLowerCase())
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
