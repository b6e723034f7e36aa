/**
 * Patterns with `*` and `?`, matched in time that grows with the text alone.
 *
 * The pieces between stars are searched for from left to right, and nothing is tried again once its piece was found. A
 * long piece, or one with question marks, is searched for by shifting one bit a pattern character (Shift-And), so that no
 * policy can make a decision slow.
 *
 * @spec IAM policy grammar, wildcards; Baeza-Yates and Gonnet 1992 (Shift-And)
 */

/** A piece of a pattern: text to be taken as it is, any run of characters, or any one character. */
export type Token = { readonly literal: string } | '*' | '?'

export type Matcher = (text: string) => boolean

/** Reads a pattern in which nothing but `*` and `?` is special. */
export function tokenize(pattern: string): readonly Token[] {
  return pattern
    .split(/([*?])/)
    .filter((part) => part !== '')
    .map((part) => (part === '*' || part === '?' ? part : { literal: part }))
}

/** @returns whether a text matches from its first character to its last */
export function compileWildcard(tokens: readonly Token[]): Matcher {
  const pieces = splitAtStars(tokens)
  const [first = [], ...rest] = pieces
  const last = rest.pop()
  if (last === undefined) return matchExactly(first)
  if (first.length === 0 && last.length === 0 && rest.every((piece) => piece.length === 0)) return () => true

  const begins = matchAt(first)
  const ends = matchAt(last)
  const middle = rest.filter((piece) => piece.length > 0).map(compileSearch)
  const fixedLength = first.length + last.length
  return (text) => {
    if (text.length < fixedLength || !begins(text, 0) || !ends(text, text.length - last.length)) return false
    let from = first.length
    const to = text.length - last.length
    for (const search of middle) {
      from = search(text, from, to)
      if (from === -1) return false
    }
    return true
  }
}

/** A piece between stars: code units to be met, and -1 where any will do. */
type Piece = readonly number[]

const ANY = -1

function splitAtStars(tokens: readonly Token[]): readonly Piece[] {
  const pieces: number[][] = [[]]
  for (const token of tokens) {
    if (token === '*') pieces.push([])
    else if (token === '?') pieces.at(-1)?.push(ANY)
    else for (let i = 0; i < token.literal.length; i++) pieces.at(-1)?.push(token.literal.charCodeAt(i))
  }
  return pieces
}

function matchExactly(piece: Piece): Matcher {
  const matches = matchAt(piece)
  return (text) => text.length === piece.length && matches(text, 0)
}

function matchAt(piece: Piece): (text: string, at: number) => boolean {
  if (!piece.includes(ANY)) {
    const literal = piece.map((unit) => String.fromCharCode(unit)).join('')
    return (text, at) => text.startsWith(literal, at)
  }
  return (text, at) => piece.every((unit, i) => unit === ANY || unit === text.charCodeAt(at + i))
}

const BITS = 32

/** Finds the first place in `text` from `from`, and gives where it ends; or -1 when that is not before `to`. */
type Search = (text: string, from: number, to: number) => number

function compileSearch(piece: Piece): Search {
  return piece.length <= BITS && !piece.includes(ANY) ? searchLiteral(piece) : searchByShifting(piece)
}

/** Of so few characters that even the naive way is a bounded one. */
function searchLiteral(piece: Piece): Search {
  const literal = String.fromCharCode(...piece)
  return (text, from, to) => {
    const at = text.indexOf(literal, from)
    return at === -1 || at + literal.length > to ? -1 : at + literal.length
  }
}

function searchByShifting(piece: Piece): Search {
  const words = Math.ceil(piece.length / BITS)
  const everywhere = maskOf(piece, words, ANY)
  const masks = new Map([...new Set(piece)].map((unit) => [unit, maskOf(piece, words, unit)]))
  const lastWord = words - 1
  const lastBit = 1 << ((piece.length - 1) % BITS)
  return (text, from, to) => {
    const state = new Uint32Array(words)
    for (let at = from; at < to; at++) {
      const mask = masks.get(text.charCodeAt(at)) ?? everywhere
      // A new attempt begins at each character: the bit that is carried into the first word.
      let carry = 1
      for (let word = 0; word < words; word++) {
        const before = state[word] ?? 0
        state[word] = ((before << 1) | carry) & (mask[word] ?? 0)
        carry = before >>> (BITS - 1)
      }
      if (((state[lastWord] ?? 0) & lastBit) !== 0) return at + 1
    }
    return -1
  }
}

/** One bit for each place of the piece at which `unit`, or anything, may stand. */
function maskOf(piece: Piece, words: number, unit: number): Uint32Array {
  const mask = new Uint32Array(words)
  for (const [i, wanted] of piece.entries()) {
    if (wanted !== unit && wanted !== ANY) continue
    const word = Math.floor(i / BITS)
    mask[word] = (mask[word] ?? 0) | (1 << (i % BITS))
  }
  return mask
}
