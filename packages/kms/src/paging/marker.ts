/**
 * Markers: where the next page of a list begins.
 *
 * Opaque to callers and good only for the list that it came from: operation, account, Region and filter are written
 * into it and compared. A marker names things that its caller may list anyway, so it needs no secrecy.
 */

import { KmsError } from '../errors.ts'
import { decodeBase64Url, encodeBase64Url } from './base64url.ts'

const CHECKSUM_LENGTH = 4

/** What tells one list from another. */
export interface ListIdentity {
  readonly operation: string
  readonly account: string
  readonly region: string
  /** The key id or other filter, `''` for none. */
  readonly filter: string
}

/** @param after a name without lone surrogates, at most 128 characters beyond ASCII, so that the marker keeps to 1024 */
export function formatMarker(list: ListIdentity, after: string): string {
  const bytes = encodeUtf8(`${formatIdentity(list)}${after}`)
  return encodeBase64Url(checksumOf(bytes) + bytes)
}

/**
 * @returns the name after which the page begins, `undefined` without a marker
 * @throws KmsError `InvalidMarkerException` for one that this list did not hand out
 */
export function parseMarker(list: ListIdentity, marker: string | undefined): string | undefined {
  if (marker === undefined) return undefined
  const identity = formatIdentity(list)
  const text = readText(marker)
  const after = text?.startsWith(identity) === true ? text.slice(identity.length) : undefined
  if (after === undefined || formatMarker(list, after) !== marker) {
    throw new KmsError('InvalidMarkerException', 'Invalid marker.')
  }
  return after
}

/** None of the parts holds a line end, so no two lists are written alike. */
function formatIdentity({ operation, account, region, filter }: ListIdentity): string {
  return `${operation}\n${account}\n${region}\n${filter}\n`
}

function readText(marker: string): string | undefined {
  try {
    return decodeUtf8(decodeBase64Url(marker).slice(CHECKSUM_LENGTH))
  } catch {
    return undefined
  }
}

/** Text as UTF-8, one character a byte. */
function encodeUtf8(text: string): string {
  return encodeURIComponent(text).replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

/** @throws URIError for what is not UTF-8 */
function decodeUtf8(bytes: string): string {
  const escaped = Array.from(bytes, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return decodeURIComponent(escaped.join(''))
}

/** FNV-1a in 32 bits, against markers that were cut off or mistyped; it keeps nobody from making one up. */
function checksumOf(bytes: string): string {
  let sum = 0x811c9dc5
  for (let i = 0; i < bytes.length; i++) sum = Math.imul(sum ^ bytes.charCodeAt(i), 0x01000193)
  return String.fromCharCode(sum >>> 24, (sum >>> 16) & 0xff, (sum >>> 8) & 0xff, sum & 0xff)
}
