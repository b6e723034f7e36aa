/** Bytes as base64url and back, for markers. A byte is a character below U+0100. @spec RFC 4648 §5 */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** @param text every character below U+0100 */
export function encodeBase64Url(text: string): string {
  let encoded = ''
  for (let i = 0; i < text.length; i += 3) {
    const bits = (text.charCodeAt(i) << 16) | ((text.charCodeAt(i + 1) || 0) << 8) | (text.charCodeAt(i + 2) || 0)
    const digits = Math.min(text.length - i, 3) + 1
    for (let d = 0; d < digits; d++) encoded += ALPHABET.charAt((bits >>> (18 - 6 * d)) & 63)
  }
  return encoded
}

/** @throws RangeError for a character outside the alphabet */
export function decodeBase64Url(encoded: string): string {
  let text = ''
  for (let i = 0; i < encoded.length; i += 4) {
    const group = encoded.slice(i, i + 4)
    let bits = 0
    for (let d = 0; d < 4; d++) {
      const value = d < group.length ? ALPHABET.indexOf(group.charAt(d)) : 0
      if (value < 0) throw new RangeError('not base64url')
      bits = (bits << 6) | value
    }
    for (let byte = 0; byte < group.length - 1; byte++) text += String.fromCharCode((bits >>> (16 - 8 * byte)) & 0xff)
  }
  return text
}
