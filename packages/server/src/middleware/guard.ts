/**
 * Who may speak to this server at all. A KMS on localhost is a target: any web page can send requests to a local
 * port. So the name it was called by and the page that calls are judged first, from the headers alone.
 */
import type { WireRequest } from '../http-message.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { createHostRule } from './host.ts'
import { createOriginRule } from './origin.ts'

export interface GuardOptions {
  /** Host names to answer to, without port, besides loopback names and KMS endpoints. */
  readonly allowedHosts?: readonly string[] | undefined
  /** Origins of web pages that may call, such as `https://app.example`. None by default. */
  readonly corsOrigins?: readonly string[] | undefined
}

export type GuardVerdict =
  | { readonly refusal: Refusal }
  /** `origin` is that of the page that called, one of those named. */
  | { readonly refusal?: never; readonly origin?: string }

/** @throws TypeError when an option holds what is no host name or no origin */
export function createGuard(options: GuardOptions): (request: WireRequest) => GuardVerdict {
  const isOurHost = createHostRule(options.allowedHosts ?? [])
  const judgeOrigin = createOriginRule(options.corsOrigins ?? [])
  return (request) => {
    const hosts = request.headerValues('host')
    const [host] = hosts
    if (host === undefined || hosts.length > 1) {
      return { refusal: refuse(400, 'AccessDeniedException', 'Exactly one Host header is required') }
    }
    // Of two names, one for the rule and one for whoever is asked later, neither could be trusted.
    if (request.authority !== undefined && request.authority.toLowerCase() !== host.toLowerCase()) {
      return {
        refusal: refuse(400, 'AccessDeniedException', 'The request target and the Host header name different hosts'),
      }
    }
    if (!isOurHost(host)) {
      return {
        refusal: refuse(403, 'AccessDeniedException', 'This server does not answer to the name in the Host header'),
      }
    }
    const verdict = judgeOrigin(request)
    if (!verdict.isAllowed) {
      return { refusal: refuse(403, 'AccessDeniedException', 'Web pages of this origin may not call this server') }
    }
    return verdict.origin === undefined ? {} : { origin: verdict.origin }
  }
}
