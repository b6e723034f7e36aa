/** Node's buffers as plain byte arrays. */

/**
 * The same memory without `Buffer`'s methods. What node:crypto returns is not pooled, so the view is all there is of
 * it: who zeroizes it leaves no copy.
 */
export function asBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
}
