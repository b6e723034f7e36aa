/**
 * Which addresses a server may listen on: loopback, and any other only for clients that are known, over connections
 * that nobody else can read, or where the operator insists in so many words.
 */
import type { AuthenticationOptions } from '../protocol/authentication.ts'
import { ServeError } from './node-serve-error.ts'

export interface ReachOptions extends AuthenticationOptions {
  /** Serve an address that others can reach, whatever they can do or read there. */
  readonly insecureBind?: boolean | undefined
  /** What the server proves itself with, and encrypts under. Plain HTTP when absent. */
  readonly tls?: TlsOptions | undefined
}

export interface TlsOptions {
  /** PEM: the certificate, and those between it and a root. */
  readonly cert: string
  /** PEM. */
  readonly key: string
}

/** @throws ServeError when others could reach `host` and nobody said that they may */
export function assertMayBeReached(host: string, { auth, tls, insecureBind, trustCallerHeader }: ReachOptions): void {
  if (isLoopback(host)) return
  if (insecureBind !== true && (auth === undefined || tls === undefined)) {
    const danger =
      auth === undefined
        ? 'requests are not authenticated, and others could reach it'
        : 'without TLS others could read what is asked and answered'
    throw new ServeError('INSECURE_BIND', `refusing to listen on ${host}: ${danger}`)
  }
  if (trustCallerHeader === true) {
    throw new ServeError(
      'INSECURE_CALLER_HEADER',
      `refusing to listen on ${host}: the caller header is trusted on loopback only`,
    )
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

export function formatUrlHost(host: string): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return reachable.includes(':') ? `[${reachable}]` : reachable
}
