/**
 * The header of a message: its layout, both ways, without the tag that authenticates it.
 *
 * Reading is a conversation: `readHeader` asks for so many bytes and is given them, so that the same code reads a
 * stream and a byte string. It keeps what it read: the tag and the signature are over those very bytes.
 *
 * @spec AWS Encryption SDK, Message format reference, "Header structure", version 2
 */

import type { EncryptionContext } from '../encryption-context.ts'
import { type EncryptedDataKey, dataKeyFields } from './encrypted-data-key.ts'
import { MessageError } from './error.ts'
import { joinFields, readNumber, uint8, uint16, uint32 } from './field-writer.ts'
import { decodeMessageContext, encodeMessageContext } from './message-context.ts'
import { COMMITMENT_LENGTH, type MessageSuite, findSuite } from './suite.ts'

const VERSION = 2
export const MESSAGE_ID_LENGTH = 32
/** Content in frames; the other way, all in one piece, cannot be released before its end. */
const FRAMED = 2

export interface HeaderFields {
  readonly suite: MessageSuite
  /** 32 random bytes. */
  readonly messageId: Uint8Array
  readonly context: EncryptionContext
  readonly encryptedDataKeys: readonly EncryptedDataKey[]
  /** Bytes of plaintext in each frame but the last. */
  readonly frameLength: number
  /** 32 bytes. */
  readonly commitment: Uint8Array
}

export interface Header extends HeaderFields {
  /** The header as it stands in the message. */
  readonly bytes: Uint8Array
}

/** What a reader puts up with. */
export interface HeaderLimits {
  readonly maxFrameLength: number
  readonly maxEncryptedDataKeys: number
}

/** Asks for a number of bytes, is given exactly those, and in the end has a result. */
export type Reading<T> = Generator<number, T, Uint8Array>

/** @throws RangeError for a field that does not fit, and for an encryption context that is not well formed */
export function encodeHeader(fields: HeaderFields): Header {
  const { suite, messageId, context, encryptedDataKeys, frameLength, commitment } = fields
  const bytes = joinFields([
    uint8(VERSION),
    uint16(suite.id),
    messageId,
    encodeMessageContext(context),
    uint16(encryptedDataKeys.length),
    encryptedDataKeys.map(dataKeyFields),
    uint8(FRAMED),
    uint32(frameLength),
    commitment,
  ])
  return { ...fields, bytes }
}

/**
 * Reads a header and not a byte beyond it.
 *
 * @throws MessageError `UNSUPPORTED_MESSAGE` for another version, suite or content type, `LIMIT_EXCEEDED` and
 * `INVALID_MESSAGE`
 */
export function* readHeader(limits: HeaderLimits): Reading<Header> {
  const parts: Uint8Array[] = []
  function* take(length: number): Reading<Uint8Array> {
    const part = (yield length).slice()
    parts.push(part)
    return part
  }
  function* takeNumber(length: number): Reading<number> {
    return readNumber(yield* take(length))
  }
  function* takeWithLength(): Reading<Uint8Array> {
    return yield* take(yield* takeNumber(2))
  }

  if ((yield* takeNumber(1)) !== VERSION) throw new MessageError('UNSUPPORTED_MESSAGE')
  const suite = findSuite(yield* takeNumber(2))
  if (suite === undefined) throw new MessageError('UNSUPPORTED_MESSAGE')
  const messageId = yield* take(MESSAGE_ID_LENGTH)
  const context = decodeMessageContext(yield* takeWithLength())

  const count = yield* takeNumber(2)
  if (count === 0) throw new MessageError('INVALID_MESSAGE')
  // Before they are read, since every one of them is memory, and later a request to KMS.
  if (count > limits.maxEncryptedDataKeys) throw new MessageError('LIMIT_EXCEEDED')
  const encryptedDataKeys: EncryptedDataKey[] = []
  for (let i = 0; i < count; i++) {
    encryptedDataKeys.push({
      providerId: yield* takeWithLength(),
      providerInfo: yield* takeWithLength(),
      ciphertext: yield* takeWithLength(),
    })
  }

  if ((yield* takeNumber(1)) !== FRAMED) throw new MessageError('UNSUPPORTED_MESSAGE')
  const frameLength = yield* takeNumber(4)
  if (frameLength === 0) throw new MessageError('INVALID_MESSAGE')
  if (frameLength > limits.maxFrameLength) throw new MessageError('LIMIT_EXCEEDED')
  const commitment = yield* take(COMMITMENT_LENGTH)

  return { suite, messageId, context, encryptedDataKeys, frameLength, commitment, bytes: joinFields(parts) }
}
