/**
 * Writes the model as TypeScript types: requests, responses and what they hold.
 *
 * What the AWS SDK's inputs are, these requests accept; what these responses are, the SDK's outputs accept. So a
 * required member of a request may be written as `undefined`, as the SDK has it, and validation refuses it; and a list
 * in a response is mutable. `test/types/api-types.test.ts` holds both promises.
 */
import { findShape, indexShapes, reachableShapes } from './model.ts'
import type { ApiModel, EnumModel, MemberModel, OperationModel, ShapeIndex, StructureModel } from './model.ts'

const NOTHING = 'Record<string, never>'

export function generateTypes(model: ApiModel): string {
  const index = indexShapes(model)
  const inputNames = namesReachedBy(index, model, (operation) => [operation.input])
  const outputNames = namesReachedBy(index, model, ({ output }) => (output === undefined ? [] : [output]))
  const reader: Reader = { index, inputNames, outputNames }
  return [
    ...model.shapes.filter((shape) => shape.kind === 'enum').map(generateUnion),
    ...model.shapes.filter((shape) => shape.kind === 'structure').map((shape) => generateInterface(reader, shape)),
    generateMap('OperationInputs', 'The request of each operation.', model, (operation) => operation.input),
    generateMap('OperationOutputs', 'The response of each operation.', model, ({ output }) => output ?? NOTHING),
    'export type OperationName = keyof OperationInputs\n',
  ].join('\n')
}

interface Reader {
  readonly index: ShapeIndex
  readonly inputNames: ReadonlySet<string>
  readonly outputNames: ReadonlySet<string>
}

function namesReachedBy(
  index: ShapeIndex,
  model: ApiModel,
  rootsOf: (operation: OperationModel) => readonly string[],
): ReadonlySet<string> {
  const seen = new Set<string>()
  for (const operation of model.operations) for (const root of rootsOf(operation)) reachableShapes(index, root, seen)
  return seen
}

function generateUnion({ name, values }: EnumModel): string {
  return `export type ${name} =\n${values.map((value) => `  | '${value}'\n`).join('')}`
}

function generateInterface(reader: Reader, { name, members }: StructureModel): string {
  if (members.length === 0) return `export type ${name} = ${NOTHING}\n`
  const lines = members.map((member) => generateMember(reader, name, member))
  return `export interface ${name} {\n${lines.join('')}}\n`
}

function generateMember(
  reader: Reader,
  owner: string,
  { name, target, isRequired, isDeprecated }: MemberModel,
): string {
  const isInput = reader.inputNames.has(owner)
  const type = typeOf(reader, owner, target) + (isInput || !isRequired ? ' | undefined' : '')
  return `${isDeprecated ? '  /** @deprecated */\n' : ''}  readonly ${name}${isRequired ? '' : '?'}: ${type}\n`
}

function typeOf(reader: Reader, owner: string, target: string): string {
  const shape = findShape(reader.index, target)
  switch (shape.kind) {
    case 'string':
      return 'string'
    case 'blob':
      return 'Uint8Array'
    case 'integer':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'timestamp':
      return 'Date'
    case 'map':
      return '{ readonly [key: string]: string }'
    case 'list':
      return `${reader.outputNames.has(owner) ? '' : 'readonly '}${typeOf(reader, owner, shape.member)}[]`
    case 'enum':
    case 'structure':
      return shape.name
  }
}

function generateMap(
  name: string,
  comment: string,
  model: ApiModel,
  typeOfOperation: (operation: OperationModel) => string,
): string {
  const lines = model.operations.map((operation) => `  readonly ${operation.name}: ${typeOfOperation(operation)}\n`)
  return `/** ${comment} */\nexport interface ${name} {\n${lines.join('')}}\n`
}
