/**
 * Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and `${*}` for a star that is one.
 *
 * What a variable stands for is taken as it is: a star in it matches a star. A variable for which the request has no
 * value, or several, and the policy no default makes its text match nothing.
 *
 * @spec IAM policy elements, variables and tags
 */

import { type Token, tokenize } from './wildcard.ts'

/** A piece of a text that may depend on the request. */
export type TemplatePart = Token | { readonly key: string; readonly fallback: string | undefined }

const VARIABLE = /^\s*(?<key>[A-Za-z0-9-]+:[^\s,'{}$]+)\s*(?:,\s*'(?<fallback>[^']*)'\s*)?$/
const ESCAPED: ReadonlySet<string> = new Set(['*', '?', '$'])

/**
 * Reads a text with variables. `isWildcard` says whether its stars and question marks mean anything.
 *
 * @returns `undefined` when a variable is not well formed
 */
export function parseTemplate(text: string, isWildcard: boolean): readonly TemplatePart[] | undefined {
  const parts: TemplatePart[] = []
  let at = 0
  while (at < text.length) {
    const begin = text.indexOf('${', at)
    const plain = text.slice(at, begin === -1 ? text.length : begin)
    if (plain !== '') parts.push(...tokensOf(plain, isWildcard))
    if (begin === -1) break
    const end = text.indexOf('}', begin)
    if (end === -1) return undefined
    const part = parseVariable(text.slice(begin + 2, end))
    if (part === undefined) return undefined
    parts.push(part)
    at = end + 1
  }
  return parts
}

export function tokensOf(text: string, isWildcard: boolean): readonly Token[] {
  return isWildcard ? tokenize(text) : [{ literal: text }]
}

/** @returns the text of the request in place of each variable, or `undefined` when one of them has none */
export function resolveTemplate(
  parts: readonly TemplatePart[],
  valuesOf: (key: string) => readonly string[] | undefined,
): readonly Token[] | undefined {
  const tokens: Token[] = []
  for (const part of parts) {
    if (typeof part === 'string' || 'literal' in part) {
      tokens.push(part)
      continue
    }
    const values = valuesOf(part.key)
    const literal = values?.length === 1 ? values[0] : values === undefined ? part.fallback : undefined
    if (literal === undefined) return undefined
    tokens.push({ literal })
  }
  return tokens
}

export function isFixed(parts: readonly TemplatePart[]): parts is readonly Token[] {
  return parts.every((part) => typeof part === 'string' || 'literal' in part)
}

function parseVariable(text: string): TemplatePart | undefined {
  if (ESCAPED.has(text)) return { literal: text }
  const { key, fallback } = VARIABLE.exec(text)?.groups ?? {}
  return key === undefined ? undefined : { key: key.toLowerCase(), fallback }
}
