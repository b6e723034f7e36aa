/**
 * Which web pages may call. None, unless the operator named their origin: a browser says where a request comes from
 * in `Origin` and `Sec-Fetch-Site`, and programs that are no browser send neither.
 *
 * @spec Fetch §3.2, Fetch Metadata §2.3
 */
import type { WireRequest } from '../http-message.ts'

export type OriginVerdict =
  | { readonly isAllowed: false }
  /** `origin` is set for a page that was named, and then its answer carries CORS headers. */
  | { readonly isAllowed: true; readonly origin?: string }

const REFUSED: OriginVerdict = { isAllowed: false }
const NO_PAGE: OriginVerdict = { isAllowed: true }

/**
 * @param corsOrigins exact origins, such as `https://app.example`
 * @throws TypeError for anything else, `*` and `null` included
 */
export function createOriginRule(corsOrigins: readonly string[]): (request: WireRequest) => OriginVerdict {
  const wrong = corsOrigins.find((text) => !isWebOrigin(text))
  if (wrong !== undefined) throw new TypeError(`corsOrigins: '${wrong}' is not an origin such as https://app.example`)
  const named = new Set(corsOrigins)
  return (request) => {
    const origins = request.headerValues('origin')
    const [origin] = origins
    if (origin !== undefined) {
      return origins.length === 1 && named.has(origin) ? { isAllowed: true, origin } : REFUSED
    }
    // Without an Origin a browser still tells a page's request (an image, a script) from one its user typed.
    const sites = request.headerValues('sec-fetch-site')
    return sites.every((site) => site === 'none' || site === 'same-origin') ? NO_PAGE : REFUSED
  }
}

export function isPreflight(request: WireRequest): boolean {
  return request.method === 'OPTIONS' && request.headerValues('access-control-request-method').length > 0
}

/** What a named page needs in order to read the answer. */
export function corsHeaders(origin: string): { readonly [name: string]: string } {
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': 'x-amzn-RequestId, Date',
    Vary: 'Origin',
  }
}

/** What a named page needs in order to ask: the headers that AWS SDKs send, and leave to reach a local address. */
export function preflightHeaders(origin: string): { readonly [name: string]: string } {
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers':
      'Authorization, Content-Type, X-Amz-Target, X-Amz-Date, X-Amz-Security-Token, X-Amz-Content-Sha256, ' +
      'X-Amz-User-Agent, Amz-Sdk-Invocation-Id, Amz-Sdk-Request',
    'Access-Control-Allow-Private-Network': 'true',
    'Access-Control-Max-Age': '600',
    Vary: 'Origin',
  }
}

/** Whether `text` is an origin as a browser writes it, such as `https://app.example`; `*` and `null` are none. */
export function isWebOrigin(text: string): boolean {
  return text !== 'null' && URL.canParse(text) && new URL(text).origin === text
}
