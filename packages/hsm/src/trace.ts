/**
 * What an HSM tells of its steps to whoever traces it: lengths, names and public bytes, in the order of events.
 *
 * No step has a place for key material, a derived key or a plaintext. Bytes in a step are lent: they may be read and
 * copied, not changed. A trace is for looking at one command at a time; commands of several callers interleave.
 */

import type { KeyToken, TokenFields } from './key-token.ts'

export type HsmStep =
  /** A key is taken from among the loaded ones, or its token, which says what `fields` hold, is about to be unwrapped. */
  | { readonly step: 'token'; readonly token: KeyToken; readonly fields: TokenFields; readonly wasLoaded: boolean }
  /** The name of unwrapped material was computed again and compared with the token's. */
  | { readonly step: 'material'; readonly fields: TokenFields; readonly isMatch: boolean }
  /** A data key was drawn. */
  | { readonly step: 'draw-data-key'; readonly length: number }
  /** The frame that is put before a plaintext, or was found before it. */
  | { readonly step: 'frame'; readonly frame: Uint8Array; readonly isOpening: boolean }
  /** Nonce and initialization vector were drawn for one message. */
  | { readonly step: 'draw-nonce'; readonly nonce: Uint8Array; readonly iv: Uint8Array }
  /** A key was derived for one message. */
  | { readonly step: 'derive'; readonly label: string; readonly fixedInput: Uint8Array }
  | {
      readonly step: 'seal'
      readonly header: Uint8Array
      /** The caller's, which is authenticated after the header. */
      readonly additionalData: Uint8Array
      /** With the frame, where there is one. */
      readonly plaintextLength: number
      /** Header, ciphertext and tag. */
      readonly sealed: Uint8Array
    }
  | {
      readonly step: 'open'
      readonly header: Uint8Array
      readonly additionalData: Uint8Array
      readonly ciphertextLength: number
      readonly isAuthentic: boolean
    }
  /** A plaintext, or a data key in the clear, is handed out. */
  | { readonly step: 'release'; readonly what: 'plaintext' | 'data key'; readonly length: number }

/** Is called while a command runs. What it throws fails the command. */
export type HsmTrace = (step: HsmStep) => void
