/**
 * The data key of a message, in and out of its wrapping keys.
 *
 * The first key generates it, each further one encrypts it, and any one of them is enough to have it back. The whole
 * encryption context goes along to KMS each time.
 */

import type { EncryptionContext } from '../encryption-context.ts'
import { type EncryptedDataKey, createKmsDataKey, kmsKeyArnOf } from './encrypted-data-key.ts'
import { MessageError } from './error.ts'
import type { CiphertextAnswer, KeyService } from './key-service.ts'
import { DATA_KEY_LENGTH } from './suite.ts'

/** Which keys may give a data key away: these ARNs, or whichever the message names. */
export type AllowedKeys = readonly string[] | 'discovery'

export interface WrappedDataKey {
  /** The data key itself, the caller's to zeroize. */
  readonly plaintext: Uint8Array
  readonly encryptedDataKeys: readonly EncryptedDataKey[]
}

/**
 * @param keyIds at least one
 * @throws TypeError for an answer that lacks something, and whatever the KMS throws
 */
export async function wrapNewDataKey(
  kms: KeyService,
  keyIds: readonly string[],
  context: EncryptionContext,
): Promise<WrappedDataKey> {
  const [generator = '', ...others] = keyIds
  const generated = await kms.generateDataKey({
    KeyId: generator,
    NumberOfBytes: DATA_KEY_LENGTH,
    EncryptionContext: { ...context },
  })
  const plaintext = generated.Plaintext
  if (plaintext?.length !== DATA_KEY_LENGTH) throw new TypeError('the KMS left out the data key that was asked for')
  try {
    const encryptedDataKeys = [asEncryptedDataKey(generated)]
    for (const KeyId of others) {
      const answer = await kms.encrypt({ KeyId, Plaintext: plaintext, EncryptionContext: { ...context } })
      encryptedDataKeys.push(asEncryptedDataKey(answer))
    }
    return { plaintext, encryptedDataKeys }
  } catch (error) {
    plaintext.fill(0)
    throw error
  }
}

/**
 * Has the first encrypted data key decrypted that an allowed key will decrypt.
 *
 * @returns the data key, the caller's to zeroize
 * @throws MessageError `NO_DATA_KEY`; its cause, if there is one, is what KMS said, or an AggregateError of that
 */
export async function unwrapDataKey(
  kms: KeyService,
  allowed: AllowedKeys,
  encryptedDataKeys: readonly EncryptedDataKey[],
  context: EncryptionContext,
): Promise<Uint8Array> {
  const refusals: unknown[] = []
  for (const encrypted of encryptedDataKeys) {
    const KeyId = kmsKeyArnOf(encrypted)
    if (KeyId === undefined || (allowed !== 'discovery' && !allowed.includes(KeyId))) continue
    try {
      return await unwrapWith(kms, KeyId, encrypted.ciphertext, context)
    } catch (error) {
      refusals.push(error)
    }
  }
  throw new MessageError('NO_DATA_KEY', refusals.length > 1 ? new AggregateError(refusals) : refusals[0])
}

async function unwrapWith(
  kms: KeyService,
  KeyId: string,
  CiphertextBlob: Uint8Array,
  context: EncryptionContext,
): Promise<Uint8Array> {
  const answer = await kms.decrypt({ KeyId, CiphertextBlob, EncryptionContext: { ...context } })
  const plaintext = answer.Plaintext
  if (plaintext?.length === DATA_KEY_LENGTH && answer.KeyId === KeyId) return plaintext
  plaintext?.fill(0)
  throw new TypeError('the KMS answered with something else than a data key of the key that was named')
}

function asEncryptedDataKey({ KeyId, CiphertextBlob }: CiphertextAnswer): EncryptedDataKey {
  if (KeyId === undefined || CiphertextBlob === undefined) throw new TypeError('the KMS left out what it encrypted')
  return createKmsDataKey(KeyId, CiphertextBlob)
}
