/** The few things that this package needs of whatever runs it, declared structurally. */

interface Host {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array }
  readonly TextDecoder: new (
    label: 'utf-8',
    options: { readonly fatal: true; readonly ignoreBOM: true },
  ) => { decode(bytes: Uint8Array): string }
  btoa(binary: string): string
  atob(base64: string): string
}

const host = globalThis as unknown as Host
const encoder = new host.TextEncoder()
const SHORT_TEXT_LENGTH = 64

/** A lone surrogate becomes U+FFFD, so callers refuse it first. */
export function encodeUtf8(text: string): Uint8Array {
  return encodeAscii(text) ?? encoder.encode(text)
}

/** Most texts are short and ASCII, and then the call of the runtime costs more than the work. */
function encodeAscii(text: string): Uint8Array | undefined {
  if (text.length > SHORT_TEXT_LENGTH) return undefined
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x80) return undefined
    bytes[i] = unit
  }
  return bytes
}

/** @returns `undefined` for bytes that are not UTF-8 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new host.TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** A few bytes as base64, with padding. */
export function formatBase64(bytes: Uint8Array): string {
  return host.btoa(String.fromCharCode(...bytes))
}

/** @returns `undefined` for anything that `formatBase64` would not have written */
export function parseBase64(text: string): Uint8Array | undefined {
  try {
    const bytes = Uint8Array.from(host.atob(text), (character) => character.charCodeAt(0))
    return formatBase64(bytes) === text ? bytes : undefined
  } catch {
    return undefined
  }
}
