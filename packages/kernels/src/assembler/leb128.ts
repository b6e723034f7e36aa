/** LEB128: how WebAssembly writes integers. @spec WebAssembly Core 2.0 §5.2.2 */

/** @param value from 0 to 2^53 - 1 */
export function encodeUnsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
  return bytes
}

/** @param value of 32 bits */
export function encodeSigned32(value: number): number[] {
  const bytes: number[] = []
  let rest = value | 0
  while (rest < -0x40 || rest > 0x3f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>= 7
  }
  bytes.push(rest & 0x7f)
  return bytes
}

export function encodeSigned(value: bigint): number[] {
  const bytes: number[] = []
  let rest = value
  // The last byte's second highest bit is the sign.
  while (rest < -0x40n || rest > 0x3fn) {
    bytes.push(Number(rest & 0x7fn) + 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest & 0x7fn))
  return bytes
}
