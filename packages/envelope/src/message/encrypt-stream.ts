/**
 * From a stream of plaintext to a message of the AWS Encryption SDK's format, version 2, in constant memory.
 *
 * KMS gives the data key; everything else is computed here. Data key, sealing key and signing key live as long as the
 * stream and are then overwritten.
 *
 * @spec AWS Encryption SDK, Message format reference
 */

import { type Entropy, systemEntropy } from '@softkms/hsm'
import { type EncryptionContext, assertEncryptionContext } from '../encryption-context.ts'
import { wrapNewDataKey } from './data-key-wrapping.ts'
import { MessageError } from './error.ts'
import { withLength } from './field-writer.ts'
import { FrameSplitter } from './frame-splitter.ts'
import { FINAL_FRAME_MARK, createFrameCipher } from './frame.ts'
import { type Header, MESSAGE_ID_LENGTH, encodeHeader } from './header.ts'
import type { KeyService } from './key-service.ts'
import { RESERVED_PREFIX, encodeMessageContext } from './message-context.ts'
import { deriveMessageKeys } from './message-keys.ts'
import {
  DEFAULT_FRAME_LENGTH,
  DEFAULT_MAX_ENCRYPTED_DATA_KEYS,
  type MessageOptions,
  type MessageProvider,
  PIECE_LENGTH,
  assertFrameLength,
  assertMaxEncryptedDataKeys,
} from './message-options.ts'
import { PieceCollector } from './piece-collector.ts'
import { assertPiece } from './piece.ts'
import { createMessageSigner } from './signature.ts'
import { type MessageSuite, type MessageSuiteName, suiteNamed } from './suite.ts'

export interface EncryptStreamOptions extends MessageOptions {
  /** The wrapping keys, in any form that KMS takes: the first generates the data key, all of them encrypt it. */
  readonly keyIds: readonly string[]
  /** The suite that signs, unless said otherwise. */
  readonly suite?: MessageSuiteName | undefined
  /** Bytes of plaintext in a frame, 1 to 16,777,216; 65,536 unless said otherwise. */
  readonly frameLength?: number | undefined
  /** Where the message id and the signing key come from: the runtime's generator, unless said otherwise. */
  readonly entropy?: Entropy | undefined
}

interface Settings {
  readonly kms: KeyService
  readonly provider: MessageProvider
  readonly keyIds: readonly string[]
  readonly context: EncryptionContext
  readonly suite: MessageSuite
  readonly frameLength: number
  readonly entropy: Entropy
}

/**
 * Encrypts a stream. Nothing is read and KMS is not asked before the message is.
 *
 * @param plaintext pieces of any size; each is looked at only until the next is asked for
 * @param options `context` is stored in the message, in the clear, and authenticated
 * @returns the message, in pieces of some hundred kilobytes or of one frame; each belongs to the caller
 * @throws RangeError for an option out of range or a context that is not well formed, before anything begins
 * @throws MessageError `LIMIT_EXCEEDED` while streaming, for more frames than a message can have, and what KMS throws
 */
export function encryptStream(
  plaintext: AsyncIterable<Uint8Array>,
  options: EncryptStreamOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { kms, provider, keyIds, context = {}, frameLength = DEFAULT_FRAME_LENGTH, entropy = systemEntropy } = options
  const { maxEncryptedDataKeys = DEFAULT_MAX_ENCRYPTED_DATA_KEYS } = options
  const suite = suiteNamed(options.suite ?? 'AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384')
  assertFrameLength(frameLength)
  assertMaxEncryptedDataKeys(maxEncryptedDataKeys)
  if (keyIds.length === 0 || keyIds.length > maxEncryptedDataKeys) {
    throw new RangeError(`keyIds must name 1 to ${maxEncryptedDataKeys} keys`)
  }
  assertEncryptionContext(context)
  if (Object.keys(context).some((key) => key.startsWith(RESERVED_PREFIX))) {
    throw new RangeError(`keys of the encryption context must not begin with ${RESERVED_PREFIX}`)
  }
  // What the caller does to its objects meanwhile changes nothing.
  const settings = { kms, provider, keyIds: [...keyIds], context: { ...context }, suite, frameLength, entropy }
  return encryptPieces(plaintext, settings)
}

async function* encryptPieces(
  plaintext: AsyncIterable<Uint8Array>,
  settings: Settings,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { provider, suite, frameLength, entropy } = settings
  const splitter = new FrameSplitter(frameLength)
  const collector = new PieceCollector(PIECE_LENGTH)
  const signer = suite.signature && createMessageSigner(provider, suite.signature, entropy)
  let sealingKey: Uint8Array | undefined
  try {
    const context = { ...settings.context, ...signer?.contextEntry }
    const begun = await beginMessage(settings, context)
    const { header } = begun
    sealingKey = begun.sealingKey
    const cipher = createFrameCipher(provider, sealingKey, header.messageId)
    const write = (...parts: readonly Uint8Array[]): void => {
      for (const part of parts) {
        signer?.update(part)
        collector.add(part)
      }
    }

    write(header.bytes, cipher.authenticateHeader(header.bytes))
    let sequence = 1
    for await (const piece of plaintext) {
      for (const content of splitter.push(assertPiece(piece))) {
        // The number that marks the last frame is no other frame's.
        if (sequence === FINAL_FRAME_MARK) throw new MessageError('LIMIT_EXCEEDED')
        write(...cipher.seal(sequence, false, content))
        yield* collector.take(false)
        sequence += 1
      }
      // Who waits for more of the plaintext does not hold back what is ready.
      yield* collector.take(true)
    }
    write(...cipher.seal(sequence, true, splitter.last))
    if (signer !== undefined) collector.add(withLength('the signature', signer.sign()))
    yield* collector.take(true)
  } finally {
    sealingKey?.fill(0)
    signer?.zeroize()
    splitter.zeroize()
  }
}

/** @returns the header, and the key of the message, which the caller zeroizes */
async function beginMessage(
  { kms, provider, keyIds, suite, frameLength, entropy }: Settings,
  context: EncryptionContext,
): Promise<{ readonly header: Header; readonly sealingKey: Uint8Array }> {
  // Before KMS is asked: a context that a header cannot hold is refused while there is no data key yet.
  encodeMessageContext(context)
  const messageId = new Uint8Array(MESSAGE_ID_LENGTH)
  entropy.fill(messageId)
  const { plaintext: dataKey, encryptedDataKeys } = await wrapNewDataKey(kms, keyIds, context)
  try {
    const { sealingKey, commitment } = deriveMessageKeys(provider, suite, messageId, dataKey)
    const header = encodeHeader({ suite, messageId, context, encryptedDataKeys, frameLength, commitment })
    return { header, sealingKey }
  } finally {
    dataKey.fill(0)
  }
}
