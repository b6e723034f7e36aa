/**
 * Which headers a signature covers, and whether those are enough.
 *
 * `Host`, the header that dates the signature, and every `X-Amz-` header must be among them: they say what is asked,
 * of whom and when, and whoever could change or add one would ask something else.
 *
 * @spec SigV4 create a canonical request (CanonicalHeaders, SignedHeaders)
 */
import type { WireRequest } from '../../http-message.ts'
import { invalid, MISMATCH, type Refused } from './faults.ts'
import type { SigningTime } from './signing-time.ts'

export interface SignedHeaders {
  readonly refusal?: never
  /** In lower case, sorted, each once. */
  readonly names: readonly string[]
}

const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/

export function readSignedHeaders(text: string, request: WireRequest, time: SigningTime): SignedHeaders | Refused {
  const names = text.split(';')
  const signed = new Set(names)
  if (!signed.has('host')) return mustBeSigned("'Host' or ':authority'")
  const needed = request.headerNames().filter((name) => name.startsWith('x-amz-') || name === time.header)
  const missing = needed.find((name) => !signed.has(name))
  if (missing !== undefined) return mustBeSigned(`'${titleOf(missing)}'`)
  // The list is part of what is signed, so only its canonical form can fit. A header that is not there has no value.
  const isCanonical = names.every((name, at) => NAME.test(name) && (names[at - 1] ?? '') < name)
  return isCanonical && names.every((name) => request.headerValues(name).length > 0) ? { names } : MISMATCH
}

/** One line a header: values trimmed, runs of spaces as one, those of a repeated header joined in their order. */
export function formatCanonicalHeaders(names: readonly string[], request: WireRequest): string {
  return names.map((name) => `${name}:${request.headerValues(name).map(trimAll).join(',')}\n`).join('')
}

function trimAll(value: string): string {
  return value.replaceAll(/[ \t]+/g, ' ').trim()
}

function mustBeSigned(header: string): Refused {
  return invalid(`${header} must be a 'SignedHeader' in the AWS Authorization.`)
}

/** `x-amz-date` as `X-Amz-Date`. The name is a header's, so there is nothing else in it to repeat. */
function titleOf(name: string): string {
  return name.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())
}
