/** How annotators put bytes into words. */

export function formatHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/** @param bytes big-endian, at most six */
export function readNumber(bytes: Uint8Array): number {
  let number = 0
  for (const byte of bytes) number = number * 256 + byte
  return number
}

export function countBytes(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`
}
