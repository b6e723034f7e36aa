/**
 * The beginning of a message, read and authenticated: which key seals its frames, and who signed it.
 *
 * What stands in the clear is judged before KMS is asked, so that no data key is decrypted for a message that will not
 * be read.
 */

import { equalBytes } from '@softkms/hsm'
import type { EncryptionContext } from '../encryption-context.ts'
import type { ByteSource } from './byte-source.ts'
import { type AllowedKeys, unwrapDataKey } from './data-key-wrapping.ts'
import { MessageError } from './error.ts'
import { type FrameCipher, TAG_LENGTH, createFrameCipher } from './frame.ts'
import { type Header, type HeaderLimits, type Reading, readHeader } from './header.ts'
import type { KeyService } from './key-service.ts'
import { deriveMessageKeys } from './message-keys.ts'
import type { MessageProvider } from './message-options.ts'
import { type MessageVerifier, createMessageVerifier, hasPublicKey } from './signature.ts'

export interface OpenHeaderOptions {
  readonly kms: KeyService
  readonly provider: MessageProvider
  readonly keyArns: AllowedKeys
  /** Pairs that the message's own context must have. */
  readonly context: EncryptionContext
  readonly limits: HeaderLimits
}

export interface OpenedHeader {
  readonly header: Header
  readonly cipher: FrameCipher
  /** Has seen the header and its tag; absent when the suite does not sign. */
  readonly verifier: MessageVerifier | undefined
  /** Overwrites the key of the message. The cipher must not be used afterwards. */
  zeroize(): void
}

/** @throws MessageError with any of its codes */
export async function openHeader(source: ByteSource, options: OpenHeaderOptions): Promise<OpenedHeader> {
  const { provider } = options
  const header = await readFrom(source, readHeader(options.limits))
  const tag = (await readPart(source, TAG_LENGTH)).slice()
  const verifier = createVerifier(provider, header)
  if (!hasPairs(header.context, options.context)) throw new MessageError('CONTEXT_MISMATCH')

  const sealingKey = await openSealingKey(options, header)
  const cipher = createFrameCipher(provider, sealingKey, header.messageId)
  if (!cipher.isHeaderTag(header.bytes, tag)) {
    sealingKey.fill(0)
    throw new MessageError('INVALID_MESSAGE')
  }
  verifier?.update(header.bytes)
  verifier?.update(tag)
  return { header, cipher, verifier, zeroize: () => sealingKey.fill(0) }
}

/** @throws MessageError `INVALID_MESSAGE` when the message ends before */
export async function readPart(source: ByteSource, length: number): Promise<Uint8Array> {
  const part = await source.read(length)
  if (part === undefined) throw new MessageError('INVALID_MESSAGE')
  return part
}

async function readFrom<T>(source: ByteSource, reading: Reading<T>): Promise<T> {
  let step = reading.next()
  while (step.done !== true) step = reading.next(await readPart(source, step.value))
  return step.value
}

/** A message has the public key of a signer if, and only if, its suite signs. */
function createVerifier(provider: MessageProvider, { suite, context }: Header): MessageVerifier | undefined {
  if (suite.signature === undefined) {
    if (hasPublicKey(context)) throw new MessageError('INVALID_MESSAGE')
    return undefined
  }
  const verifier = createMessageVerifier(provider, suite.signature, context)
  if (verifier === undefined) throw new MessageError('INVALID_MESSAGE')
  return verifier
}

function hasPairs(context: EncryptionContext, expected: EncryptionContext): boolean {
  return Object.entries(expected).every(([key, value]) => Object.hasOwn(context, key) && context[key] === value)
}

/** The commitment is what keeps a second data key, listed in the same header, from opening it to something else. */
async function openSealingKey(options: OpenHeaderOptions, header: Header): Promise<Uint8Array> {
  const { suite, messageId, context, encryptedDataKeys } = header
  const dataKey = await unwrapDataKey(options.kms, options.keyArns, encryptedDataKeys, context)
  try {
    const { sealingKey, commitment } = deriveMessageKeys(options.provider, suite, messageId, dataKey)
    if (equalBytes(commitment, header.commitment)) return sealingKey
    sealingKey.fill(0)
    throw new MessageError('INVALID_MESSAGE')
  } finally {
    dataKey.fill(0)
  }
}
