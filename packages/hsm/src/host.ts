/**
 * The few things that this package needs of whatever runs it, declared structurally and read from `globalThis`, so
 * that it compiles without Node's or a browser's types and none of this shows in an emitted declaration.
 */

interface Host {
  readonly crypto?: { getRandomValues(bytes: Uint8Array): unknown }
  readonly TextEncoder: new () => { encode(text: string): Uint8Array }
  readonly TextDecoder: new (
    label: 'utf-8',
    options: { readonly fatal: true; readonly ignoreBOM: true },
  ) => { decode(bytes: Uint8Array): string }
}

const host = globalThis as unknown as Host

export function fillRandom(bytes: Uint8Array): void {
  if (host.crypto === undefined) throw new TypeError('This runtime has no crypto.getRandomValues.')
  host.crypto.getRandomValues(bytes)
}

export function encodeUtf8(text: string): Uint8Array {
  return new host.TextEncoder().encode(text)
}

/** @throws TypeError for bytes that are not UTF-8 */
export function decodeUtf8(bytes: Uint8Array): string {
  return new host.TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}
