/**
 * From a message of the AWS Encryption SDK's format, version 2, to its plaintext, in constant memory.
 *
 * No byte leaves before its frame has authenticated, and none of the last frame before the whole message has. Until
 * then a reader has a beginning, which somebody may have cut off: only the end of the stream says that nothing is
 * missing and, with the suite that signs, that all of it is the signer's.
 *
 * @spec AWS Encryption SDK, Message format reference
 */

import { type EncryptionContext, assertEncryptionContext } from '../encryption-context.ts'
import { ByteSource } from './byte-source.ts'
import type { AllowedKeys } from './data-key-wrapping.ts'
import { kmsKeyArnOf } from './encrypted-data-key.ts'
import { MessageError } from './error.ts'
import { readNumber } from './field-writer.ts'
import { FINAL_FRAME_MARK, IV_LENGTH, SEQUENCE_LENGTH, TAG_LENGTH, frameIv, sealedFrameLength } from './frame.ts'
import type { Header } from './header.ts'
import {
  DEFAULT_MAX_ENCRYPTED_DATA_KEYS,
  MAX_FRAME_LENGTH,
  type MessageOptions,
  PIECE_LENGTH,
  assertMaxEncryptedDataKeys,
  assertMaxFrameLength,
} from './message-options.ts'
import { type OpenHeaderOptions, type OpenedHeader, openHeader, readPart } from './open-header.ts'
import { PieceCollector } from './piece-collector.ts'
import type { MessageSuiteName } from './suite.ts'

/** Bytes of the length of the last frame's content, and of that of the signature. */
export const CONTENT_LENGTH_LENGTH = 4
export const SIGNATURE_LENGTH_LENGTH = 2

export interface DecryptStreamOptions extends MessageOptions {
  /** The ARNs of the keys that may decrypt, or `'discovery'`: whichever key the message names. */
  readonly keyArns: AllowedKeys
  /** Longer frames are refused; 16,777,216 bytes unless said otherwise. */
  readonly maxFrameLength?: number | undefined
  /** Told what the header says, when it has authenticated and before any plaintext. */
  readonly onHeader?: ((message: MessageSummary) => void) | undefined
}

/** What the header of a message says. */
export interface MessageSummary {
  readonly suite: MessageSuiteName
  /** The whole context, with the pairs that are the Encryption SDK's own. */
  readonly context: EncryptionContext
  /** The ARNs of the KMS keys that its data key is encrypted under. */
  readonly keyArns: readonly string[]
  readonly frameLength: number
}

/**
 * Decrypts a message. Nothing is read and KMS is not asked before the plaintext is.
 *
 * @param message pieces of any size; each is looked at only until the next is asked for
 * @param options `context` holds pairs that the message must have
 * @returns the plaintext, in pieces of some hundred kilobytes or of one frame; each belongs to the caller
 * @throws RangeError for an option out of range, before anything begins
 * @throws MessageError while streaming
 */
export function decryptStream(
  message: AsyncIterable<Uint8Array>,
  options: DecryptStreamOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { kms, provider, keyArns, context = {}, onHeader } = options
  const { maxFrameLength = MAX_FRAME_LENGTH, maxEncryptedDataKeys = DEFAULT_MAX_ENCRYPTED_DATA_KEYS } = options
  assertMaxFrameLength(maxFrameLength)
  assertMaxEncryptedDataKeys(maxEncryptedDataKeys)
  assertEncryptionContext(context)
  if (keyArns !== 'discovery' && (keyArns.length === 0 || !keyArns.every((arn) => arn.startsWith('arn:')))) {
    throw new RangeError("keyArns must be ARNs of keys, or 'discovery'")
  }
  const limits = { maxFrameLength, maxEncryptedDataKeys }
  const allowed = keyArns === 'discovery' ? keyArns : [...keyArns]
  // What the caller does to its objects meanwhile changes nothing.
  return decryptPieces(message, { kms, provider, keyArns: allowed, context: { ...context }, limits }, onHeader)
}

async function* decryptPieces(
  message: AsyncIterable<Uint8Array>,
  options: OpenHeaderOptions,
  onHeader: DecryptStreamOptions['onHeader'],
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = new ByteSource(message)
  let opened: OpenedHeader | undefined
  try {
    opened = await openHeader(source, options)
    onHeader?.(summarize(opened.header))
    yield* openFrames(source, opened)
  } finally {
    opened?.zeroize()
    await source.close()
  }
}

async function* openFrames(source: ByteSource, opened: OpenedHeader): AsyncGenerator<Uint8Array, void, undefined> {
  const collector = new PieceCollector(PIECE_LENGTH)
  const wholeFrame = sealedFrameLength(opened.header.frameLength)
  for (let sequence = 1; ; sequence++) {
    // Who waits for more of the message does not hold back what is ready.
    yield* collector.take(!source.holds(wholeFrame))
    const { content, isFinal } = await openFrame(source, opened, sequence)
    if (isFinal) await expectEnd(source, opened)
    collector.add(content)
    yield* collector.take(isFinal)
    if (isFinal) return
  }
}

interface OpenedFrame {
  readonly content: Uint8Array
  readonly isFinal: boolean
}

/** @throws MessageError `INVALID_MESSAGE` for anything but the frame with this number */
async function openFrame(
  source: ByteSource,
  { header, cipher, verifier }: OpenedHeader,
  sequence: number,
): Promise<OpenedFrame> {
  const read = async (length: number): Promise<Uint8Array> => {
    const part = await readPart(source, length)
    verifier?.update(part)
    return part
  }

  const mark = readNumber(await read(SEQUENCE_LENGTH))
  const isFinal = mark === FINAL_FRAME_MARK
  const number = isFinal ? readNumber(await read(SEQUENCE_LENGTH)) : mark
  const iv = await read(IV_LENGTH)
  const isInPlace = number === sequence && frameIv(sequence).every((byte, i) => byte === iv[i])
  const length = isFinal ? readNumber(await read(CONTENT_LENGTH_LENGTH)) : header.frameLength
  if (!isInPlace || length > header.frameLength) throw new MessageError('INVALID_MESSAGE')
  const content = cipher.open(sequence, isFinal, await read(length + TAG_LENGTH))
  if (content === undefined) throw new MessageError('INVALID_MESSAGE')
  return { content, isFinal }
}

/** The signature, if there has to be one, and then nothing. */
async function expectEnd(source: ByteSource, { verifier }: OpenedHeader): Promise<void> {
  if (verifier !== undefined) {
    const signature = await readPart(source, readNumber(await readPart(source, SIGNATURE_LENGTH_LENGTH)))
    if (!verifier.verify(signature)) throw new MessageError('INVALID_MESSAGE')
  }
  if (!(await source.isAtEnd())) throw new MessageError('INVALID_MESSAGE')
}

function summarize({ suite, context, encryptedDataKeys, frameLength }: Header): MessageSummary {
  const keyArns = encryptedDataKeys.map(kmsKeyArnOf).filter((arn) => arn !== undefined)
  return { suite: suite.name, context: { ...context }, keyArns, frameLength }
}
