/**
 * Small wrongs that somebody could do to a module: one place each, read from its syntax tree.
 *
 * A condition is negated, a comparison is off by one, an operand, a part of a literal or a statement is left out, a step
 * that is accepted is refused or leads nowhere. Types are left alone: nobody runs them.
 */
import { parseSync } from 'oxc-parser'
import { type TreeFile, lineAt } from '../tree.ts'

export interface Mutant {
  readonly path: string
  readonly line: number
  /** That line, as it was. */
  readonly code: string
  /** What was there and what is there instead, for whoever reads of a survivor. */
  readonly title: string
  /** The whole text of the module with the wrong in it. */
  readonly text: string
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [member: string]: unknown
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly instead: string
}

const SWAPPED: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
  '*': '+',
  every: 'some',
  some: 'every',
  max: 'min',
  min: 'max',
}

/** @throws SyntaxError for a file that is no TypeScript */
export function mutantsOf({ path, text }: TreeFile): Mutant[] {
  const { program, errors } = parseSync(path, text)
  const [error] = errors
  if (error !== undefined) throw new SyntaxError(`${path}: ${error.message}`)
  const edits: Edit[] = []
  visit(program as unknown as Node, (node) => edits.push(...editsOf(node, text)))
  const changing = edits.filter(({ start, end, instead }) => text.slice(start, end) !== instead)
  return changing.map((edit) => ({
    path,
    line: lineAt(text, edit.start),
    code: text.split('\n')[lineAt(text, edit.start) - 1]?.trim() ?? '',
    title: `${brief(text.slice(edit.start, edit.end))}  ->  ${brief(edit.instead)}`,
    text: text.slice(0, edit.start) + edit.instead + text.slice(edit.end),
  }))
}

function editsOf(node: Node, text: string): Edit[] {
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return [negate(node['test'] as Node, text)]
    case 'LogicalExpression':
      // Each operand in turn is all there is.
      return [node['left'] as Node, node['right'] as Node].map((operand) => replace(node, sourceOf(operand, text)))
    case 'BinaryExpression':
      return swapBetween(node['left'] as Node, node['right'] as Node, node['operator'] as string, text)
    case 'MemberExpression': {
      const property = node['property'] as Node
      const other = SWAPPED[sourceOf(property, text)]
      return other === undefined || node['computed'] === true ? [] : [replace(property, other)]
    }
    case 'ObjectExpression':
      return (node['properties'] as Node[]).map((part) => leaveOut(part, text))
    case 'ArrayExpression':
      return (node['elements'] as (Node | null)[]).flatMap((part) => (part === null ? [] : [leaveOut(part, text)]))
    case 'ExpressionStatement':
      return [replace(node, '')]
    case 'CallExpression':
      return callEdits(node, text)
    case 'Literal':
      return literalEdits(node)
    default:
      return []
  }
}

function callEdits(node: Node, text: string): Edit[] {
  const callee = sourceOf(node['callee'] as Node, text)
  if (callee === 'accept') return [replace(node, 'accept(life)'), replace(node, "refuse('Mutant')")]
  return callee === 'refuse' ? [replace(node, 'accept(life)'), replace(node, "refuse('Mutant')")] : []
}

function literalEdits(node: Node): Edit[] {
  const { value } = node
  if (typeof value === 'boolean') return [replace(node, String(!value))]
  return typeof value === 'number' ? [replace(node, String(value + 1))] : []
}

function negate(node: Node, text: string): Edit {
  return replace(node, `!(${sourceOf(node, text)})`)
}

/** Swaps the operator that stands between two operands. */
function swapBetween(left: Node, right: Node, operator: string, text: string): Edit[] {
  const other = SWAPPED[operator]
  const start = text.indexOf(operator, left.end)
  if (other === undefined || start < 0 || start >= right.start) return []
  return [{ start, end: start + operator.length, instead: other }]
}

/** Leaves out a part of a literal, with the comma behind it. */
function leaveOut(part: Node, text: string): Edit {
  const [comma = ''] = /^\s*,/.exec(text.slice(part.end)) ?? []
  return { start: part.start, end: part.end + comma.length, instead: '' }
}

function replace({ start, end }: Node, instead: string): Edit {
  return { start, end, instead }
}

function sourceOf({ start, end }: Node, text: string): string {
  return text.slice(start, end)
}

function brief(source: string): string {
  const line = source.replaceAll(/\s+/g, ' ')
  if (line === '') return 'nothing'
  return line.length > 70 ? `${line.slice(0, 67)}...` : line
}

/** Shows every node that is run; what only the compiler reads is not. */
function visit(node: Node, look: (node: Node) => void): void {
  if (isType(node)) return
  look(node)
  for (const member of Object.values(node)) {
    for (const child of Array.isArray(member) ? (member as unknown[]) : [member]) if (isNode(child)) visit(child, look)
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

const RUN_ALL_THE_SAME: readonly string[] = ['TSAsExpression', 'TSNonNullExpression']

/** `x satisfies never` is where nothing ever comes. */
function isType({ type }: Node): boolean {
  return (type.startsWith('TS') && !RUN_ALL_THE_SAME.includes(type)) || type === 'ImportDeclaration'
}
