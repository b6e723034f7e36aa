/** Where things stand in the kernel's memory, one page of 64 KiB. */

import type { Variant } from './variant.ts'

export const WORDS_IN_BLOCK = 16
export const WORDS_IN_STATE = 8
const MOST_WORD_BYTES = 8

/** The constants of the rounds. */
export const ROUND_CONSTANTS = 0
/** From here on everything depends on what is hashed. The state, as the processor has its words. */
export const STATE = 1024
/** The state that HMAC goes on from when the inner digest is there. It follows the first. */
export const OUTER_STATE: number = STATE + WORDS_IN_STATE * MOST_WORD_BYTES
/** The message schedule, of which sixteen words are kept. */
export const SCHEDULE: number = OUTER_STATE + WORDS_IN_STATE * MOST_WORD_BYTES
/** The digest, as it is told to others. */
export const DIGEST: number = SCHEDULE + WORDS_IN_BLOCK * MOST_WORD_BYTES
export const SECRETS_END: number = DIGEST + WORDS_IN_STATE * MOST_WORD_BYTES

/** What is hashed at a time. Behind it there is room for padding. */
export const DATA = 8192
export const DATA_BYTES = 16_384

export const PAGES = 1

export function wordBytes({ wordBits }: Variant): number {
  return wordBits / 8
}

export function blockBytes(variant: Variant): number {
  return WORDS_IN_BLOCK * wordBytes(variant)
}
