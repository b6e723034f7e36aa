/**
 * Markers: where the next page of a list begins.
 *
 * Opaque to callers and good only for the list that it came from: operation, account, Region and filter are written
 * into it and compared. A marker names things that its caller may list anyway, so it needs no secrecy.
 */

import { KmsError } from '../errors.ts'
import { decodeBase64Url, encodeBase64Url } from './base64url.ts'

/** What tells one list from another. */
export interface ListIdentity {
  readonly operation: string
  readonly account: string
  readonly region: string
  /** The key id or other filter, `''` for none. */
  readonly filter: string
}

export function formatMarker(list: ListIdentity, after: string): string {
  return encodeBase64Url(JSON.stringify([list.operation, list.account, list.region, list.filter, after]))
}

/**
 * @returns the name after which the page begins, `undefined` without a marker
 * @throws KmsError `InvalidMarkerException` for one that this list did not hand out
 */
export function parseMarker(list: ListIdentity, marker: string | undefined): string | undefined {
  if (marker === undefined) return undefined
  const parts = parseParts(marker)
  const after = parts?.[4]
  if (after === undefined || formatMarker(list, after) !== marker) {
    throw new KmsError('InvalidMarkerException', 'Invalid marker.')
  }
  return after
}

function parseParts(marker: string): readonly string[] | undefined {
  try {
    const parts: unknown = JSON.parse(decodeBase64Url(marker))
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts : undefined
  } catch {
    return undefined
  }
}
