/**
 * One HTTP exchange as the protocol sees it, whatever carries it: a fetch `Request`, an SDK's request object or a
 * node:http message. Each door translates its own kind into this, and nothing here knows any of them.
 */
import type { AbortSignalLike } from '@softkms/kms'

export interface WireRequest {
  readonly method: string
  /** Path and query, as on the request line. */
  readonly target: string
  /** Host and perhaps port, where the request line has them before the path: a target in absolute form. */
  readonly authority?: string | undefined
  /** The names of the headers that are there, in lower case. */
  headerNames(): readonly string[]
  /** Every value of a header, by its lower-case name; empty when the header is absent. */
  headerValues(name: string): readonly string[]
  /**
   * Reads the body, once. No more than `limitBytes` are kept.
   *
   * @returns the body, or `undefined` as soon as it proves longer than `limitBytes`
   * @throws BodyAborted when the client goes away before all of it has come
   */
  readBody(limitBytes: number): Promise<Uint8Array | undefined>
  readonly signal?: AbortSignalLike
}

/** A body that broke off: nobody's fault here, and most likely nobody is left to read an answer. */
export class BodyAborted extends Error {
  constructor(options?: ErrorOptions) {
    super('The client went away before its body was whole', options)
    this.name = 'BodyAborted'
  }
}

export interface WireResponse {
  readonly status: number
  /** Without `Content-Length`, which the door adds that knows how the text is sent. */
  readonly headers: { readonly [name: string]: string }
  /** Goes out in UTF-8. */
  readonly body: string
  /** What the body says was wrong, if anything was. */
  readonly errorCode?: string
}

export type WireHandler = (request: WireRequest) => Promise<WireResponse>

/** The only value of a header; `undefined` when it is absent or given more than once. */
export function singleHeader(request: WireRequest, name: string): string | undefined {
  const values = request.headerValues(name)
  return values.length === 1 ? values[0] : undefined
}

/** The path of a request target, without its query. */
export function pathOf(target: string): string {
  const end = target.indexOf('?')
  return end === -1 ? target : target.slice(0, end)
}

/**
 * The parts of a request target, which is in absolute form when a client takes this server for a proxy.
 *
 * @spec RFC 9112 §3.2.2
 */
export function splitTarget(target: string): Pick<WireRequest, 'target' | 'authority'> {
  const [, authority, rest = ''] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? []
  if (authority === undefined) return { target }
  return { authority, target: rest.startsWith('/') ? rest : `/${rest}` }
}
