/**
 * The model as text and back: `formatModel` and `parseModel` undo each other.
 *
 * The format is described for its reader in `packages/kms/model/README.md`. The parser refuses what the formatter
 * would not have written.
 */
import { reachableShapes, indexShapes } from './model.ts'
import type { ApiModel, Bounds, MemberModel, OperationModel, ScalarModel, ShapeModel, StructureModel } from './model.ts'

export const MODEL_FILES = ['operations.txt', 'structures.txt', 'enums.txt', 'values.txt'] as const
export type ModelFile = (typeof MODEL_FILES)[number]
export type ModelTexts = { readonly [File in ModelFile]: string }

/** A request or response stands below the first operation that uses it, everything else in the file of its kind. */
export function formatModel(model: ApiModel): ModelTexts {
  const index = indexShapes(model)
  const ofOperations = new Set<string>()
  const operations = model.operations.flatMap((operation) => {
    const own = [operation.input, operation.output ?? operation.input].filter((name) => !ofOperations.has(name))
    const structures = [...new Set(own)].flatMap((name) => reachableShapes(index, name).slice(-1))
    for (const name of own) ofOperations.add(name)
    return [formatOperation(operation), ...structures.map(formatShape)]
  })
  const rest = model.shapes.filter((shape) => !ofOperations.has(shape.name))
  return {
    'operations.txt': joinBlocks(operations),
    'structures.txt': joinBlocks(rest.filter((shape) => shape.kind === 'structure').map(formatShape)),
    'enums.txt': joinBlocks(rest.filter((shape) => shape.kind === 'enum').map(formatShape)),
    'values.txt': `${rest
      .filter((shape) => shape.kind !== 'structure' && shape.kind !== 'enum')
      .map(formatShape)
      .join('\n')}\n`,
  }
}

/** @throws RangeError naming the file and the line that is not in the format. */
export function parseModel(texts: ModelTexts): ApiModel {
  const operations: OperationModel[] = []
  const shapes: ShapeModel[] = []
  for (const file of MODEL_FILES) {
    for (const block of splitBlocks(file, texts[file])) {
      if (block.words[0] === 'operation') operations.push(parseOperation(block))
      else shapes.push(parseShape(block))
    }
  }
  const model = { operations, shapes: shapes.toSorted((left, right) => (left.name < right.name ? -1 : 1)) }
  const again = formatModel(model)
  for (const file of MODEL_FILES)
    if (again[file] !== texts[file]) throw new RangeError(`${file}: not in canonical form`)
  return model
}

function formatOperation({ name, input, output, errors }: OperationModel): string {
  const lines = [`operation ${name}`, `  input ${input}`, ...(output === undefined ? [] : [`  output ${output}`])]
  return [...lines, ['  errors', ...errors].join(' ')].join('\n')
}

function formatShape(shape: ShapeModel): string {
  switch (shape.kind) {
    case 'structure':
      return [`structure ${shape.name}`, ...shape.members.map(formatMember)].join('\n')
    case 'enum':
      return [`enum ${shape.name}`, ...shape.values.map((value) => `  ${value}`)].join('\n')
    case 'list':
      return `list ${shape.name} of ${shape.member}${formatBounds(shape.kind, shape.bounds)}`
    case 'map':
      return `map ${shape.name} of ${shape.key} to ${shape.value}`
    default:
      return formatScalar(shape)
  }
}

function formatMember({ name, target, isRequired, isDeprecated }: MemberModel): string {
  return `  ${name} ${target}${isRequired ? ' required' : ''}${isDeprecated ? ' deprecated' : ''}`
}

function formatScalar(shape: ScalarModel): string {
  const pattern = shape.pattern === undefined ? '' : ` pattern ${shape.pattern}`
  return `${shape.kind} ${shape.name}${shape.isSensitive ? ' sensitive' : ''}${formatBounds(shape.kind, shape.bounds)}${pattern}`
}

function formatBounds(kind: ShapeModel['kind'], bounds: Bounds | undefined): string {
  if (bounds === undefined) return ''
  return ` ${kind === 'integer' ? 'range' : 'length'} ${bounds.min ?? ''}..${bounds.max ?? ''}`
}

function joinBlocks(blocks: readonly string[]): string {
  return `${blocks.join('\n\n')}\n`
}

interface Block {
  readonly place: string
  readonly line: string
  readonly words: readonly string[]
  readonly body: readonly (readonly string[])[]
}

function splitBlocks(file: ModelFile, text: string): readonly Block[] {
  const blocks: (Block & { readonly body: (readonly string[])[] })[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue
    const words = line.trim().split(' ')
    if (!line.startsWith('  ')) blocks.push({ place: `${file}:${index + 1}`, line, words, body: [] })
    else blocks.at(-1)?.body.push(words)
  }
  return blocks
}

function parseOperation({ place, words: [, name], body }: Block): OperationModel {
  const lines = new Map(body.map(([keyword, ...rest]) => [keyword, rest]))
  const input = lines.get('input')?.[0]
  const output = lines.get('output')?.[0]
  const errors = lines.get('errors')
  if (name === undefined || input === undefined || errors === undefined)
    throw new RangeError(`${place}: not an operation`)
  return { name, input, ...(output !== undefined && { output }), errors }
}

function parseShape(block: Block): ShapeModel {
  const { place, words, body } = block
  const [kind, name = '', keyword, first = '', second, third = ''] = words
  switch (kind) {
    case 'structure':
      return parseStructure(name, block)
    case 'enum':
      return { kind, name, values: body.map(([value = '']) => value) }
    case 'list':
      if (keyword !== 'of') break
      return { kind, name, member: first, ...(second === 'length' && { bounds: parseBounds(place, third) }) }
    case 'map':
      if (keyword !== 'of' || second !== 'to') break
      return { kind, name, key: first, value: third }
    case 'string':
    case 'blob':
    case 'integer':
    case 'boolean':
    case 'timestamp':
      return parseScalar(kind, name, block)
    default:
      break
  }
  throw new RangeError(`${place}: not a shape`)
}

function parseStructure(name: string, { body }: Block): StructureModel {
  const members = body.map(([member = '', target = '', ...marks]) => ({
    name: member,
    target,
    isRequired: marks.includes('required'),
    isDeprecated: marks.includes('deprecated'),
  }))
  return { kind: 'structure', name, members }
}

function parseScalar(kind: ScalarModel['kind'], name: string, { place, line }: Block): ScalarModel {
  // A pattern runs to the end of its line: it is the one thing here that may hold spaces.
  const [, constraints = '', pattern] = /^\S+ \S+(.*?)(?: pattern (.+))?$/u.exec(line) ?? []
  const bounds = /(?:length|range) (\S+)/u.exec(constraints)?.[1]
  return {
    kind,
    name,
    ...(bounds !== undefined && { bounds: parseBounds(place, bounds) }),
    ...(pattern !== undefined && { pattern }),
    isSensitive: constraints.startsWith(' sensitive'),
  }
}

function parseBounds(place: string, text: string): Bounds {
  const [, min, max] = /^(\d*)\.\.(\d*)$/u.exec(text) ?? []
  if (min === undefined || max === undefined) throw new RangeError(`${place}: not bounds`)
  return { ...(min !== '' && { min: Number(min) }), ...(max !== '' && { max: Number(max) }) }
}
