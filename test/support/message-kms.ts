/** A KMS in this process for messages, with keys of its own, and streams that are easy to write down. */

import { type KeyService, type MessageProvider, decryptStream, encryptStream } from '@softkms/envelope'
import { type Kms, createKms } from 'softkms'
import { nativeProvider } from './providers.ts'

export const UNSIGNED = 'AES_256_GCM_HKDF_SHA512_COMMIT_KEY'
export const SIGNED = 'AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384'
export const SUITES = [UNSIGNED, SIGNED] as const

export interface MessageKms {
  readonly kms: Kms
  /** ARNs. */
  readonly keys: readonly [string, string, string]
}

export async function createMessageKms(): Promise<MessageKms> {
  const kms = await createKms({ provider: nativeProvider })
  const createKey = async (): Promise<string> => (await kms.createKey()).KeyMetadata?.Arn ?? ''
  return { kms, keys: [await createKey(), await createKey(), await createKey()] }
}

/** A stream that hands out the same memory for every piece, as `read` into a buffer does. */
export async function* inPieces(bytes: Uint8Array, ...lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  const memory = new Uint8Array(Math.max(1, bytes.length))
  let at = 0
  for (let i = 0; at < bytes.length; i++) {
    const part = bytes.subarray(at, at + (lengths[i % lengths.length] ?? bytes.length))
    memory.fill(0xee)
    memory.set(part)
    yield memory.subarray(0, part.length)
    at += part.length
  }
}

export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces)
}

type EncryptOptions = Parameters<typeof encryptStream>[1]
type DecryptOptions = Parameters<typeof decryptStream>[1]

export function encryptBytes(
  kms: KeyService,
  keyIds: readonly string[],
  plaintext: Uint8Array,
  options: Partial<EncryptOptions> = {},
): Promise<Uint8Array> {
  return collect(encryptStream(inPieces(plaintext), { kms, keyIds, provider: nativeProvider, ...options }))
}

export function decryptBytes(
  kms: KeyService,
  message: Uint8Array,
  options: Partial<DecryptOptions> = {},
): Promise<Uint8Array> {
  const provider: MessageProvider = nativeProvider
  return collect(decryptStream(inPieces(message), { kms, keyArns: 'discovery', provider, ...options }))
}
