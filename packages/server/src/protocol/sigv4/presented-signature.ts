/**
 * The signature that a request presents, in its `Authorization` header or in its query: the parts, as text.
 *
 * Finds them and sees that each is there once. What they mean is judged elsewhere.
 *
 * @spec SigV4 Authorization header, presigned query string
 */
import { pathOf, type WireRequest } from '../../http-message.ts'
import { incomplete, invalid, type Refused } from './faults.ts'

export interface PresentedSignature {
  readonly refusal?: never
  readonly form: 'header' | 'query'
  readonly algorithm: string
  readonly credential: string
  readonly signedHeaders: string
  readonly signature: string
  /** Those of a presigned request; empty for a header, whose other parts are headers of the request. */
  readonly query: ReadonlyMap<string, string>
}

const HEADER_PARTS = ['Credential', 'Signature', 'SignedHeaders'] as const
const QUERY_PARTS = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
] as const

const NO_QUERY: ReadonlyMap<string, string> = new Map()

/** The query of a request target, without its question mark. */
export function queryOf(target: string): string {
  return target.slice(pathOf(target).length + 1)
}

/** @returns `undefined` for a request that presents no signature at all */
export function readSignature(request: WireRequest): PresentedSignature | Refused | undefined {
  const headers = request.headerValues('authorization')
  const [header] = headers
  const query = queryOf(request.target)
  const parameters = query.includes('X-Amz-') ? new URLSearchParams(query) : undefined
  if (header === undefined) return parameters && readQuery(parameters)
  if (headers.length > 1) return incomplete('Authorization header must be given once.')
  if (parameters?.has('X-Amz-Algorithm') === true) {
    return invalid("Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")
  }
  return readHeader(header)
}

function readHeader(header: string): PresentedSignature | Refused {
  const [algorithm = ''] = header.split(' ', 1)
  const parts = new Map<string, string>()
  for (const part of header.slice(algorithm.length).split(/[\s,]+/)) {
    const equals = part.indexOf('=')
    if (equals <= 0) continue
    const name = part.slice(0, equals)
    if (parts.has(name)) return incomplete('Authorization header must have each parameter once.')
    parts.set(name, part.slice(equals + 1))
  }
  const missing = HEADER_PARTS.filter((name) => !parts.get(name))
  if (missing.length > 0) {
    return incomplete(missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' '))
  }
  return {
    form: 'header',
    algorithm,
    credential: parts.get('Credential') ?? '',
    signedHeaders: parts.get('SignedHeaders') ?? '',
    signature: parts.get('Signature') ?? '',
    query: NO_QUERY,
  }
}

function readQuery(parameters: URLSearchParams): PresentedSignature | Refused {
  const query = new Map<string, string>()
  for (const [name, value] of parameters) {
    if (name.startsWith('X-Amz-') && query.has(name)) {
      return incomplete('AWS query-string parameters must each be given once.')
    }
    query.set(name, value)
  }
  const missing = QUERY_PARTS.filter((name) => !query.get(name))
  if (missing.length > 0) {
    const list = missing.map((name) => `AWS query-string parameters must include '${name}'.`)
    return incomplete(`${list.join(' ')} Re-examine the query-string parameters.`)
  }
  return {
    form: 'query',
    algorithm: query.get('X-Amz-Algorithm') ?? '',
    credential: query.get('X-Amz-Credential') ?? '',
    signedHeaders: query.get('X-Amz-SignedHeaders') ?? '',
    signature: query.get('X-Amz-Signature') ?? '',
    query,
  }
}
