/** Bytes as lower-case hexadecimal text and back, for KeyMaterialIds. */

const DIGIT_0 = 0x30
const LETTER_A = 0x61
const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export function formatHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += DIGITS[byte] ?? ''
  return text
}

/** @param text an even number of hexadecimal digits in lower case, which the engine itself wrote */
export function parseHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = (digitAt(text, 2 * i) << 4) | digitAt(text, 2 * i + 1)
  return bytes
}

function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < LETTER_A ? code - DIGIT_0 : code - LETTER_A + 10
}
