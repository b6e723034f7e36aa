/**
 * A query string in the one form that is signed: names and values percent-encoded one way, sorted by name, then value.
 *
 * @spec SigV4 create a canonical request (CanonicalQueryString); RFC 3986 §2.3
 */

/**
 * @param query without its question mark
 * @param unsigned the name of a parameter to leave out
 * @returns `undefined` for a query whose percent-encoding is none
 */
export function formatCanonicalQuery(query: string, unsigned: string | undefined): string | undefined {
  if (query === '') return ''
  const pairs: (readonly [name: string, value: string])[] = []
  for (const part of query.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = recode(equals === -1 ? part : part.slice(0, equals))
    const value = recode(equals === -1 ? '' : part.slice(equals + 1))
    if (name === undefined || value === undefined) return undefined
    if (name !== unsigned) pairs.push([name, value])
  }
  return pairs
    .toSorted(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function recode(text: string): string | undefined {
  try {
    return encodeURIComponent(decodeURIComponent(text.replaceAll('+', ' '))).replaceAll(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  } catch {
    return undefined
  }
}

/** By code unit, which is by byte: everything here is ASCII. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
