/**
 * JSON that means one thing: no member twice in an object, and no deeper than a policy can be.
 *
 * JSON.parse keeps the last of two members with one name. Two readers could then see two policies in one text.
 */

/** A policy needs 7 levels: document, statements, statement, condition, operator, key, values. */
const MAX_DEPTH = 12

/**
 * @returns the value that `text` writes
 * @throws SyntaxError for what is no JSON, says a thing twice or nests too deeply
 */
export function parsePlainJson(text: string): unknown {
  assertShallow(text)
  const value: unknown = JSON.parse(text)
  assertNoRepetition(text)
  return value
}

/** Before anything recursive or slow looks at the text. */
function assertShallow(text: string): void {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = endOfString(text, at)
    else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    if (depth > MAX_DEPTH) throw new SyntaxError('nested too deeply')
  }
}

/** `text` is JSON. */
function assertNoRepetition(text: string): void {
  const open: Array<Set<string> | undefined> = []
  let isName = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    const names = open.at(-1)
    if (character === '"') {
      const end = endOfString(text, at)
      if (isName && names !== undefined) addName(names, text.slice(at, end + 1))
      isName = false
      at = end
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : undefined)
      isName = character === '{'
    } else if (character === '}' || character === ']') {
      open.pop()
      isName = false
    } else if (character === ',') {
      isName = names !== undefined
    }
  }
}

function addName(names: Set<string>, quoted: string): void {
  const name = JSON.parse(quoted) as string
  if (names.has(name)) throw new SyntaxError('a member is given twice')
  names.add(name)
}

/** The closing quote of the string that begins at `at`, or the end of the text. */
function endOfString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i
  }
  return text.length
}
