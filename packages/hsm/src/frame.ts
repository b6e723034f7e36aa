/**
 * The eleven bytes that stand before every plaintext inside a sealed message.
 *
 * They say what the plaintext is for and how long it is; all of them are checked when a message is opened. They are
 * written and read inside the boundary, where alone the plaintext exists. `docs/blob.md` specifies them.
 *
 * ```
 * 0   1  frame version, 1
 * 1   1  purpose
 * 2   4  length of the plaintext in bytes, big-endian
 * 6   5  reserved, zeros
 * ```
 */

export const FRAME_LENGTH = 11

/** The longest plaintext that one message may carry, in bytes. */
export const MAX_PLAINTEXT_LENGTH = 4096

const FRAME_VERSION = 1

const PURPOSE_CODES = { MESSAGE: 1, DATA_KEY: 2, KEY_PAIR: 3 } as const
export type Purpose = keyof typeof PURPOSE_CODES

/** Makes room for a plaintext of `length` bytes behind its frame; the caller fills it and zeroizes the whole. */
export function createFramed(purpose: Purpose, length: number): Uint8Array {
  const framed = new Uint8Array(FRAME_LENGTH + length)
  framed[0] = FRAME_VERSION
  framed[1] = PURPOSE_CODES[purpose]
  framed[4] = length >>> 8
  framed[5] = length & 0xff
  return framed
}

/** @returns whether an authenticated frame is one that this version writes */
export function isFramed(framed: Uint8Array): boolean {
  const length = framed.length - FRAME_LENGTH
  if (length < 1 || length > MAX_PLAINTEXT_LENGTH) return false
  const purpose = framed[1] ?? 0
  if (framed[0] !== FRAME_VERSION) return false
  if (purpose < PURPOSE_CODES.MESSAGE || purpose > PURPOSE_CODES.KEY_PAIR) return false
  if (framed[2] !== 0 || framed[3] !== 0 || framed[4] !== length >>> 8 || framed[5] !== (length & 0xff)) return false
  for (let i = 6; i < FRAME_LENGTH; i++) if (framed[i] !== 0) return false
  return true
}
