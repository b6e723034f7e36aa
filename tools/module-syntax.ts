/**
 * What a TypeScript module imports and exports, read from its syntax tree, never by pattern.
 *
 * Knows every form in which one module can name another: import, export from, import(), require(), import types,
 * `import x = require()` and import.meta.resolve().
 */
import { parseSync } from 'oxc-parser'
import { type TreeFile, lineAt } from './tree.ts'

export interface ImportReference {
  /** The text between the quotes; `undefined` when it is computed. */
  readonly specifier: string | undefined
  readonly line: number
  /** `import './x.ts'`: for its side effect only. */
  readonly isBare: boolean
}

export interface ModuleSyntax {
  readonly imports: readonly ImportReference[]
  /** Names that other modules can see, except those behind `export *`. */
  readonly exportedNames: readonly string[]
  /** Lines of `export * from`. */
  readonly starExports: readonly number[]
  /** Lines of top-level statements that are not `export ... from`, an import or an empty export. */
  readonly ownStatements: readonly number[]
}

interface Node {
  readonly type: string
  readonly start: number
  readonly [field: string]: unknown
}

const cache = new WeakMap<TreeFile, ModuleSyntax>()

/** @throws SyntaxError naming the file, when it does not parse */
export function readModule(file: TreeFile): ModuleSyntax {
  const known = cache.get(file)
  if (known !== undefined) return known
  const { program, errors } = parseSync(file.path, file.text)
  const first = errors[0]
  if (first !== undefined) throw new SyntaxError(`${file.path}: ${first.message}`)
  const syntax = describe(file.text, program as unknown as Node)
  cache.set(file, syntax)
  return syntax
}

function describe(text: string, program: Node): ModuleSyntax {
  const imports: ImportReference[] = []
  visit(program, (node) => {
    const source = importSource(node)
    if (source === undefined) return
    imports.push({
      specifier: literalValue(source),
      line: lineAt(text, node.start),
      isBare: node.type === 'ImportDeclaration' && text.slice(node.start, source.start).trim() === 'import',
    })
  })
  const statements = nodes(program['body'])
  const lines = (these: readonly Node[]): number[] => these.map((node) => lineAt(text, node.start))
  return {
    imports,
    exportedNames: statements.flatMap(namesExported),
    starExports: lines(statements.filter((node) => node.type === 'ExportAllDeclaration')),
    ownStatements: lines(statements.filter((node) => !isReExport(node))),
  }
}

/** @returns the node that holds the specifier, for a node that names another module */
function importSource(node: Node): Node | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return asNode(node['source'])
    case 'TSExternalModuleReference':
      return asNode(node['expression'])
    case 'CallExpression':
      return isResolver(asNode(node['callee'])) ? nodes(node['arguments'])[0] : undefined
    default:
      return undefined
  }
}

function isResolver(callee: Node | undefined): boolean {
  if (callee?.type === 'Identifier') return callee['name'] === 'require'
  if (callee?.type !== 'MemberExpression') return false
  return asNode(callee['object'])?.type === 'MetaProperty' && asNode(callee['property'])?.['name'] === 'resolve'
}

function literalValue(node: Node): string | undefined {
  return node.type === 'Literal' && typeof node['value'] === 'string' ? node['value'] : undefined
}

function namesExported(statement: Node): string[] {
  if (statement.type === 'ExportAllDeclaration') return nameOf(statement['exported'])
  if (statement.type !== 'ExportNamedDeclaration') return []
  const declaration = asNode(statement['declaration'])
  if (declaration === undefined) return nodes(statement['specifiers']).flatMap((one) => nameOf(one['exported']))
  if (declaration.type === 'VariableDeclaration') {
    return nodes(declaration['declarations']).flatMap((one) => nameOf(one['id']))
  }
  return nameOf(declaration['id'])
}

function nameOf(value: unknown): string[] {
  const name = asNode(value)?.['name'] ?? asNode(value)?.['value']
  return typeof name === 'string' ? [name] : []
}

function isReExport(statement: Node): boolean {
  if (statement.type === 'ExportAllDeclaration') return true
  if (statement.type !== 'ExportNamedDeclaration') return false
  return asNode(statement['source']) !== undefined || isEmptyExport(statement)
}

function isEmptyExport(statement: Node): boolean {
  return asNode(statement['declaration']) === undefined && nodes(statement['specifiers']).length === 0
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node)
  for (const value of Object.values(node)) {
    const child = asNode(value)
    if (child !== undefined) visit(child, see)
    for (const each of nodes(value)) visit(each, see)
  }
}

function asNode(value: unknown): Node | undefined {
  return isNode(value) ? value : undefined
}

function nodes(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : []
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}
