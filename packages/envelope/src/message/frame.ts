/**
 * The frames of a message, and the tag of its header: everything that is sealed under the message's key.
 *
 * Vectors are counters, never drawn: zero for the header, the sequence number for a frame. The key serves one message
 * alone, and no number twice, so that no vector repeats. A frame's additional data binds it to its message, to its place
 * and to being the last one or not.
 *
 * @spec AWS Encryption SDK, Message format reference, "Framed data"; Body AAD reference; IV reference
 */

import type { GcmPrimitives } from '@softkms/hsm'
import { encodeUtf8 } from '../host.ts'
import { joinFields, uint32 } from './field-writer.ts'

export const IV_LENGTH = 12
export const TAG_LENGTH = 16
export const SEQUENCE_LENGTH = 4
/** Stands where the sequence number of the next frame would, before the last one. */
export const FINAL_FRAME_MARK = 0xffff_ffff

const FRAME_CONTENT = 'AWSKMSEncryptionClient Frame'
const FINAL_FRAME_CONTENT = 'AWSKMSEncryptionClient Final Frame'

/** Bytes of a frame that is not the last one. */
export function sealedFrameLength(frameLength: number): number {
  return SEQUENCE_LENGTH + IV_LENGTH + frameLength + TAG_LENGTH
}

export interface FrameCipher {
  /** @returns the tag of the header, 16 bytes */
  authenticateHeader(header: Uint8Array): Uint8Array
  isHeaderTag(header: Uint8Array, tag: Uint8Array): boolean
  /** @returns the frame as it stands in the message, in two parts that are not joined only for being long */
  seal(sequence: number, isFinal: boolean, content: Uint8Array): readonly Uint8Array[]
  /**
   * @param sealed the content and its tag
   * @returns the content, or `undefined` when anything about it is not as it was sealed
   */
  open(sequence: number, isFinal: boolean, sealed: Uint8Array): Uint8Array | undefined
}

/** @param key 32 bytes, used for as long as the cipher is, and zeroized by the caller */
export function createFrameCipher(provider: GcmPrimitives, key: Uint8Array, messageId: Uint8Array): FrameCipher {
  const headerIv = new Uint8Array(IV_LENGTH)
  const nothing = new Uint8Array(0)
  const additionalData = {
    regular: createAdditionalData(messageId, FRAME_CONTENT),
    final: createAdditionalData(messageId, FINAL_FRAME_CONTENT),
  }
  return {
    authenticateHeader: (header) => provider.sealAesGcm(key, headerIv, header, nothing),
    isHeaderTag: (header, tag) => provider.openAesGcm(key, headerIv, header, tag) !== undefined,

    seal(sequence, isFinal, content) {
      const iv = frameIv(sequence)
      const data = additionalData[isFinal ? 'final' : 'regular'](sequence, content.length)
      const sealed = provider.sealAesGcm(key, iv, data, content)
      const number = uint32(sequence)
      const head = isFinal ? [uint32(FINAL_FRAME_MARK), number, iv, uint32(content.length)] : [number, iv]
      return [joinFields(head), sealed]
    },

    open(sequence, isFinal, sealed) {
      const data = additionalData[isFinal ? 'final' : 'regular'](sequence, sealed.length - TAG_LENGTH)
      return provider.openAesGcm(key, frameIv(sequence), data, sealed)
    },
  }
}

export function frameIv(sequence: number): Uint8Array {
  const iv = new Uint8Array(IV_LENGTH)
  iv.set(uint32(sequence), IV_LENGTH - SEQUENCE_LENGTH)
  return iv
}

/** @returns a function that writes into one and the same array, since only two of its fields change between frames */
function createAdditionalData(
  messageId: Uint8Array,
  content: string,
): (sequence: number, contentLength: number) => Uint8Array {
  // The length of the content has eight bytes, of which a frame needs four.
  const bytes = joinFields([messageId, encodeUtf8(content), uint32(0), uint32(0), uint32(0)])
  return (sequence, contentLength) => {
    bytes.set(uint32(sequence), bytes.length - 12)
    bytes.set(uint32(contentLength), bytes.length - 4)
    return bytes
  }
}
