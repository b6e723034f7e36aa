/**
 * One HTTP exchange as the protocol sees it, whatever carries it: a fetch `Request`, an SDK's request object or a
 * node:http message. Each door translates its own kind into this, and nothing here knows any of them.
 */
import type { AbortSignalLike } from '@softkms/kms'

export interface WireRequest {
  readonly method: string
  /** As on the request line: path and query. */
  readonly target: string
  /** The names of the headers that are there, in lower case. */
  headerNames(): readonly string[]
  /** Every value of a header, by its lower-case name; empty when the header is absent. */
  headerValues(name: string): readonly string[]
  /**
   * Reads the body, once. No more than `limitBytes` are kept.
   *
   * @returns the body, or `undefined` as soon as it proves longer than `limitBytes`
   * @throws whatever the carrier throws when the client goes away
   */
  readBody(limitBytes: number): Promise<Uint8Array | undefined>
  readonly signal?: AbortSignalLike
}

export interface WireResponse {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  /** Fresh for this response: the receiver owns it. */
  readonly body: Uint8Array<ArrayBuffer>
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
