/**
 * Patterns with `*` and `?`, matched in time that grows with the text alone.
 *
 * The pieces between stars are searched for from left to right, and nothing is tried again once its piece was found. A
 * long piece is searched for without going back in the text (Knuth-Morris-Pratt), one with question marks by shifting
 * one bit a pattern character (Shift-And), so that no policy can make a decision slow.
 *
 * @spec IAM policy grammar, wildcards; Knuth, Morris and Pratt 1977; Baeza-Yates and Gonnet 1992 (Shift-And)
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

/** Of the shortest text that matches. */
export function lengthOf(tokens: readonly Token[]): number {
  let length = 0
  for (const token of tokens) length += token === '*' ? 0 : token === '?' ? 1 : token.literal.length
  return length
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
  if (piece.includes(ANY)) return piece.length <= BITS ? searchInOneWord(piece) : searchByShifting(piece)
  return piece.length <= BITS ? searchShort(piece) : searchLong(piece)
}

/** Of so few characters that even the naive way is a bounded one. */
function searchShort(piece: Piece): Search {
  const literal = String.fromCharCode(...piece)
  return (text, from, to) => {
    const at = text.indexOf(literal, from)
    return at === -1 || at + literal.length > to ? -1 : at + literal.length
  }
}

/** After each miss goes on with the longest beginning of the piece that the text just ended with. */
function searchLong(piece: Piece): Search {
  const borders = bordersOf(piece)
  return (text, from, to) => {
    let matched = 0
    for (let at = from; at < to; at++) {
      const unit = text.charCodeAt(at)
      while (matched > 0 && piece[matched] !== unit) matched = borders[matched - 1] ?? 0
      if (piece[matched] === unit) matched++
      if (matched === piece.length) return at + 1
    }
    return -1
  }
}

/** For each beginning of the piece the length of the longest shorter one that it ends with. */
function bordersOf(piece: Piece): Uint32Array {
  const borders = new Uint32Array(piece.length)
  let length = 0
  for (let i = 1; i < piece.length; i++) {
    while (length > 0 && piece[i] !== piece[length]) length = borders[length - 1] ?? 0
    if (piece[i] === piece[length]) length++
    borders[i] = length
  }
  return borders
}

/** For each character of the piece one bit for each place at which it, or anything, may stand. */
interface Masks {
  readonly words: number
  /** Rows of words; the first is that of every other character. */
  readonly table: Uint32Array
  /** Where the row of a character begins. */
  readonly rows: ReadonlyMap<number, number>
}

function masksOf(piece: Piece): Masks {
  const words = Math.ceil(piece.length / BITS)
  const units = new Set(piece)
  units.delete(ANY)
  const rows = new Map([...units].map((unit, i) => [unit, (i + 1) * words]))
  const table = new Uint32Array((units.size + 1) * words)
  const mark = (row: number, place: number): void => {
    const at = row + Math.floor(place / BITS)
    table[at] = (table[at] ?? 0) | (1 << (place % BITS))
  }
  for (const [i, unit] of piece.entries()) if (unit === ANY) mark(0, i)
  for (const row of rows.values()) table.copyWithin(row, 0, words)
  for (const [i, unit] of piece.entries()) mark(rows.get(unit) ?? 0, i)
  return { words, table, rows }
}

/** `searchByShifting`, with one number for the state. */
function searchInOneWord(piece: Piece): Search {
  const { table, rows } = masksOf(piece)
  const last = 1 << (piece.length - 1)
  return (text, from, to) => {
    let state = 0
    for (let at = from; at < to; at++) {
      state = ((state << 1) | 1) & (table[rows.get(text.charCodeAt(at)) ?? 0] ?? 0)
      if ((state & last) !== 0) return at + 1
    }
    return -1
  }
}

function searchByShifting(piece: Piece): Search {
  const { words, table, rows } = masksOf(piece)
  const lastBit = 1 << ((piece.length - 1) % BITS)
  return (text, from, to) => {
    const state = new Uint32Array(words)
    for (let at = from; at < to; at++) {
      const row = rows.get(text.charCodeAt(at)) ?? 0
      // A new attempt begins at each character: the bit that is carried into the first word.
      let carry = 1
      for (let word = 0; word < words; word++) {
        const before = state[word] ?? 0
        state[word] = ((before << 1) | carry) & (table[row + word] ?? 0)
        carry = before >>> (BITS - 1)
      }
      if (((state[words - 1] ?? 0) & lastBit) !== 0) return at + 1
    }
    return -1
  }
}
