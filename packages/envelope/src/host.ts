/** The one thing that this package needs of whatever runs it, declared structurally. */

interface Host {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array }
}

const host = globalThis as unknown as Host

/** A lone surrogate becomes U+FFFD, so callers refuse it first. */
export function encodeUtf8(text: string): Uint8Array {
  return new host.TextEncoder().encode(text)
}
