/**
 * Standard base64 with padding, strict both ways.
 *
 * The runtime's own codec is used where there is one: that of `Uint8Array`, or Node's `Buffer`. Otherwise a table does
 * the work. Which one is there is found by looking, once.
 *
 * @spec RFC 4648 §4
 */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const PAD = 0x3d
const INVALID = 0xff

interface NativeDecoder {
  fromBase64?(text: string, options: { lastChunkHandling: 'strict' }): Uint8Array<ArrayBuffer>
}
interface NativeEncoder {
  toBase64?(): string
}
/** The part of Node's `Buffer` that is used. */
interface BufferConstructor {
  from(buffer: ArrayBufferLike, byteOffset: number, length: number): BufferView
}
interface BufferView {
  toString(encoding: 'base64'): string
  /** Passes over what is no base64. @returns how many bytes were written */
  write(text: string, encoding: 'base64'): number
}

const digits: Uint8Array = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0))
const values: Uint8Array = createValues()
const ascii: TextDecoder = new TextDecoder('latin1')
const hasNativeDecoder = (Uint8Array as NativeDecoder).fromBase64 !== undefined
const { Buffer: NodeBuffer } = globalThis as { readonly Buffer?: BufferConstructor }

function createValues(): Uint8Array {
  const table = new Uint8Array(256).fill(INVALID)
  for (let value = 0; value < ALPHABET.length; value += 1) table[ALPHABET.charCodeAt(value)] = value
  return table
}

export function encodeBase64(bytes: Uint8Array): string {
  return (bytes as NativeEncoder).toBase64?.() ?? encodeWithBuffer(bytes) ?? encodeWithTable(bytes)
}

/**
 * @returns the bytes, or `undefined` for anything that `encodeBase64` would not have written: a character outside
 * the alphabet, white space, missing padding, or bits left over that are not zero
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0) return undefined
  if (hasNativeDecoder) return decodeNatively(text)
  return NodeBuffer === undefined ? decodeWithTable(text) : decodeWithBuffer(text, NodeBuffer)
}

function encodeWithBuffer({ buffer, byteOffset, length }: Uint8Array): string | undefined {
  return NodeBuffer?.from(buffer, byteOffset, length).toString('base64')
}

function decodeWithBuffer(text: string, buffer: BufferConstructor): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array((text.length / 4) * 3 - countPadding(text))
  const view = buffer.from(bytes.buffer, 0, bytes.length)
  const isWhole = view.write(text, 'base64') === bytes.length
  // `Buffer` forgives much. What it did not have to forgive is what it would have written itself.
  return isWhole && view.toString('base64') === text ? bytes : undefined
}

function countPadding(text: string): number {
  return text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
}

function encodeWithTable(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4)
  const whole = bytes.length - (bytes.length % 3)
  let at = 0
  for (let i = 0; i < whole; i += 3) {
    at = writeQuad(out, at, (byteAt(bytes, i) << 16) | (byteAt(bytes, i + 1) << 8) | byteAt(bytes, i + 2))
  }
  if (whole < bytes.length) {
    writeQuad(out, at, (byteAt(bytes, whole) << 16) | (byteAt(bytes, whole + 1) << 8))
    out[at + 3] = PAD
    if (whole + 1 === bytes.length) out[at + 2] = PAD
  }
  return ascii.decode(out)
}

function writeQuad(out: Uint8Array, at: number, bits: number): number {
  out[at] = byteAt(digits, bits >> 18)
  out[at + 1] = byteAt(digits, (bits >> 12) & 63)
  out[at + 2] = byteAt(digits, (bits >> 6) & 63)
  out[at + 3] = byteAt(digits, bits & 63)
  return at + 4
}

function decodeWithTable(text: string): Uint8Array<ArrayBuffer> | undefined {
  const padding = countPadding(text)
  const digitCount = text.length - padding
  const out = new Uint8Array((text.length / 4) * 3 - padding)
  let at = 0
  for (let i = 0; i < digitCount; i += 4) {
    const first = valueAt(text, i)
    const second = valueAt(text, i + 1)
    // Padding stands for zeros; a digit that is not one has its high bits set.
    const third = i + 2 < digitCount ? valueAt(text, i + 2) : 0
    const fourth = i + 3 < digitCount ? valueAt(text, i + 3) : 0
    if ((first | second | third | fourth) > 63) return undefined
    const bits = (first << 18) | (second << 12) | (third << 6) | fourth
    if (i + 4 > digitCount && (bits & (padding === 2 ? 0xffff : 0xff)) !== 0) return undefined
    out[at] = bits >> 16
    if (at + 1 < out.length) out[at + 1] = bits >> 8
    if (at + 2 < out.length) out[at + 2] = bits
    at += 3
  }
  return out
}

function decodeNatively(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = (Uint8Array as NativeDecoder).fromBase64?.(text, { lastChunkHandling: 'strict' })
    // The runtime's codec skips white space, which would give one blob many spellings.
    return bytes !== undefined && Math.ceil(bytes.length / 3) * 4 === text.length ? bytes : undefined
  } catch {
    return undefined
  }
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0
}

function valueAt(text: string, index: number): number {
  const code = text.charCodeAt(index)
  return code < 256 ? byteAt(values, code) : INVALID
}
