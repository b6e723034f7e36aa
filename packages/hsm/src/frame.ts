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

import { lengthOf, offsetsOf } from './layout.ts'

export const FRAME_LAYOUT = { version: 1, purpose: 1, plaintextLength: 4, reserved: 5 } as const
export type FrameField = keyof typeof FRAME_LAYOUT

const AT = offsetsOf(FRAME_LAYOUT)

export const FRAME_LENGTH: number = lengthOf(FRAME_LAYOUT)

/** The longest plaintext that one message may carry, in bytes. */
export const MAX_PLAINTEXT_LENGTH = 4096

const FRAME_VERSION = 1

const PURPOSE_CODES = { MESSAGE: 1, DATA_KEY: 2, KEY_PAIR: 3 } as const
export type Purpose = keyof typeof PURPOSE_CODES

/** Makes room for a plaintext of `length` bytes behind its frame; the caller fills it and zeroizes the whole. */
export function createFramed(purpose: Purpose, length: number): Uint8Array {
  const framed = new Uint8Array(FRAME_LENGTH + length)
  framed[AT.version] = FRAME_VERSION
  framed[AT.purpose] = PURPOSE_CODES[purpose]
  framed[AT.plaintextLength + 2] = length >>> 8
  framed[AT.plaintextLength + 3] = length & 0xff
  return framed
}

/** @returns whether an authenticated frame is one that this version writes */
export function isFramed(framed: Uint8Array): boolean {
  const length = framed.length - FRAME_LENGTH
  if (length < 1 || length > MAX_PLAINTEXT_LENGTH) return false
  if (framed[AT.version] !== FRAME_VERSION || purposeOf(framed) === undefined) return false
  const high = framed[AT.plaintextLength + 2]
  if (framed[AT.plaintextLength] !== 0 || framed[AT.plaintextLength + 1] !== 0) return false
  if (high !== length >>> 8 || framed[AT.plaintextLength + 3] !== (length & 0xff)) return false
  for (let i = AT.reserved; i < FRAME_LENGTH; i++) if (framed[i] !== 0) return false
  return true
}

/** What a frame says that its plaintext is for. */
export function purposeOf(framed: Uint8Array): Purpose | undefined {
  switch (framed[AT.purpose]) {
    case PURPOSE_CODES.MESSAGE:
      return 'MESSAGE'
    case PURPOSE_CODES.DATA_KEY:
      return 'DATA_KEY'
    case PURPOSE_CODES.KEY_PAIR:
      return 'KEY_PAIR'
    default:
      return undefined
  }
}
