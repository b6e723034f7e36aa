/**
 * The wording of refusals, and how much of a refused value they may repeat.
 *
 * Blobs and sensitive members are never repeated; nor are maps, which hold encryption contexts, and structures.
 *
 * @spec wire §3
 */
import type { Shape } from './shape.ts'

/**
 * AWS repeats values whole. Here one value may take this many UTF-16 code units and is then cut, so that an answer
 * cannot be made as large as a hostile request. Few members that AWS names in practice are that long.
 */
const MOST_ECHOED = 4096

/** `Value '0' at 'limit' failed to satisfy constraint: ...`, or without the value where it must not be repeated. */
export function formatFault(shape: Shape, value: unknown, path: string, rule: string): string {
  const echo = mayEcho(shape) ? ` ${quoteValue(value)}` : ''
  return `Value${echo} at '${path}' failed to satisfy constraint: ${rule}`
}

/** The whole message of a `ValidationException`. Plural and separator are as in AWS's other services. */
export function formatFaults(faults: readonly string[]): string {
  return `${faults.length} validation error${faults.length === 1 ? '' : 's'} detected: ${faults.join('; ')}`
}

/** The whole message of a `SerializationException` about a value of another type. The value is never repeated. */
export function formatMismatch(path: string, expected: string): string {
  const subject = path === '' ? 'The request' : `Value at '${path}'`
  return `${subject} can not be converted to ${expected}`
}

/** `KeyId` → `keyId`: only the first letter changes, in `AWSAccountId` too. */
export function formatMemberName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

function mayEcho(shape: Shape): boolean {
  switch (shape.type) {
    case 'string':
      return shape.sensitive !== true
    case 'integer':
    case 'boolean':
    case 'timestamp':
      return true
    case 'list':
      return mayEcho(shape.member)
    case 'blob':
    case 'map':
    case 'structure':
      return false
  }
}

function quoteValue(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  return `'${cut(Array.isArray(value) ? listText(value) : textOf(value))}'`
}

/** A list as Java prints it, no further than it will be repeated. */
function listText(list: readonly unknown[]): string {
  let text = '['
  for (const [index, element] of list.entries()) {
    if (text.length > MOST_ECHOED) return text
    text += index === 0 ? textOf(element) : `, ${textOf(element)}`
  }
  return `${text}]`
}

function textOf(scalar: unknown): string {
  return typeof scalar === 'string' || typeof scalar === 'number' ? String(scalar) : 'null'
}

function cut(text: string): string {
  if (text.length <= MOST_ECHOED) return text
  // Half a surrogate pair at the cut would not survive UTF-8.
  return `${text.slice(0, MOST_ECHOED).replace(/[\uD800-\uDBFF]$/, '')}...`
}
