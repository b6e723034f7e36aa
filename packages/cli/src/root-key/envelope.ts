/** A root key sealed by a key of another KMS: AWS's, or another softkms. It sees the root key, and nothing else of here. */
import type { KeyService } from '@softkms/envelope'
import { KmsRequestError } from '../kms-client/kms-client.ts'
import { UnusableFileError } from '../text-file.ts'
import { type KmsSealed, ROOT_KEY_LENGTH } from './root-key-file.ts'

/** Bound to the ciphertext, and there for key policies to ask about. */
const CONTEXT = { purpose: 'softkms root key' } as const

/** @throws KmsRequestError for what the KMS refuses */
export async function sealByKms(rootKey: Uint8Array, kms: KeyService, keyId: string): Promise<KmsSealed> {
  const answer = await kms.encrypt({ KeyId: keyId, Plaintext: rootKey, EncryptionContext: CONTEXT })
  if (answer.CiphertextBlob === undefined) throw new KmsRequestError('the KMS answered without a CiphertextBlob')
  return { sealedBy: 'kms', keyId: answer.KeyId ?? keyId, ciphertextBlob: answer.CiphertextBlob }
}

/** @throws UnusableFileError with what the KMS says */
export async function openByKms(
  { keyId, ciphertextBlob }: KmsSealed,
  kms: KeyService,
  file: string,
): Promise<Uint8Array> {
  try {
    const { Plaintext } = await kms.decrypt({
      KeyId: keyId,
      CiphertextBlob: ciphertextBlob,
      EncryptionContext: CONTEXT,
    })
    if (Plaintext?.length === ROOT_KEY_LENGTH) return Plaintext
    Plaintext?.fill(0)
  } catch (error) {
    if (!(error instanceof KmsRequestError)) throw error
    throw new UnusableFileError(`the KMS does not open ${file}: ${error.message}`, { cause: error })
  }
  throw new UnusableFileError(`what the KMS opened of ${file} is no root key`)
}
