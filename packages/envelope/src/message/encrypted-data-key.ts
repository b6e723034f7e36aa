/**
 * The data key of a message, encrypted under one wrapping key: who encrypted it, under which key, and the ciphertext.
 *
 * @spec AWS Encryption SDK, Message format reference, "Encrypted data keys"
 */

import { decodeUtf8, encodeUtf8 } from '../host.ts'
import { type Field, withLength } from './field-writer.ts'

/** What the Encryption SDKs call data keys that AWS KMS encrypted. */
const KMS_PROVIDER_ID = encodeUtf8('aws-kms')

export interface EncryptedDataKey {
  /** Who encrypted it. */
  readonly providerId: Uint8Array
  /** Under which key, in the words of whoever encrypted it. */
  readonly providerInfo: Uint8Array
  readonly ciphertext: Uint8Array
}

/** A data key that KMS encrypted under the key with this ARN. */
export function createKmsDataKey(keyArn: string, ciphertext: Uint8Array): EncryptedDataKey {
  return { providerId: KMS_PROVIDER_ID, providerInfo: encodeUtf8(keyArn), ciphertext }
}

/** @returns the ARN of the wrapping key, or `undefined` for a data key that is not KMS's */
export function kmsKeyArnOf({ providerId, providerInfo }: EncryptedDataKey): string | undefined {
  const isKms =
    providerId.length === KMS_PROVIDER_ID.length && providerId.every((byte, i) => byte === KMS_PROVIDER_ID[i])
  return isKms ? decodeUtf8(providerInfo) : undefined
}

/** @throws RangeError for a part that is longer than its length can say */
export function dataKeyFields({ providerId, providerInfo, ciphertext }: EncryptedDataKey): Field {
  return [
    withLength('providerId', providerId),
    withLength('providerInfo', providerInfo),
    withLength('the encrypted data key', ciphertext),
  ]
}
