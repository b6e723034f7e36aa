/** What both directions take: the KMS, the primitives, and how long a frame may be. */

import type { GcmPrimitives, MacPrimitives } from '@softkms/hsm'
import type { EncryptionContext } from '../encryption-context.ts'
import type { KeyService } from './key-service.ts'
import type { SignaturePrimitives } from './signature.ts'

/** The part of a `Provider` that messages need: they are sealed on this side of KMS, outside every HSM. */
export type MessageProvider = GcmPrimitives & MacPrimitives & SignaturePrimitives

export interface MessageOptions {
  /** Asked for the data key: by `createKms()` of `softkms`, the AWS SDK's `KMS`, or anything alike. */
  readonly kms: KeyService
  /** `nobleProvider` runs anywhere; `@softkms/hsm/native` is faster by far on Node. */
  readonly provider: MessageProvider
  readonly context?: EncryptionContext | undefined
  /** How many encrypted data keys a message may have; 32 unless said otherwise. */
  readonly maxEncryptedDataKeys?: number | undefined
}

/** The Encryption SDKs' own default is 4096; longer frames cost less each byte. */
export const DEFAULT_FRAME_LENGTH = 65_536
/** What is written at most, and read at most unless said otherwise: a frame is in memory as a whole, more than once. */
export const MAX_FRAME_LENGTH = 16_777_216
/** What the format can say. */
const LONGEST_FRAME = 0xffff_ffff

export const DEFAULT_MAX_ENCRYPTED_DATA_KEYS = 32
const MOST_ENCRYPTED_DATA_KEYS = 0xffff

/** Bytes that are given out in one piece, if there are so many and a single frame is not longer. */
export const PIECE_LENGTH = 262_144

/** @throws RangeError for a length that is not written */
export function assertFrameLength(length: number): void {
  assertWithin('frameLength', length, MAX_FRAME_LENGTH)
}

/** @throws RangeError for a limit that is none */
export function assertMaxFrameLength(length: number): void {
  assertWithin('maxFrameLength', length, LONGEST_FRAME)
}

/** @throws RangeError for a limit that is none */
export function assertMaxEncryptedDataKeys(count: number): void {
  assertWithin('maxEncryptedDataKeys', count, MOST_ENCRYPTED_DATA_KEYS)
}

function assertWithin(name: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 1 || value > most) throw new RangeError(`${name} must be 1 to ${most}`)
}
