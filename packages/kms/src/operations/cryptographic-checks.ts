/**
 * Checks that the cryptographic operations share, for what the model does not know to be wrong.
 *
 * @spec KMS operations; crypto-details §3, §5
 */

import { HsmError } from '@softkms/hsm'
import { KmsError } from '../errors.ts'
import type { DataKeySpec, RecipientInfo } from '../generated/types.ts'

const DATA_KEY_LENGTHS: Readonly<Record<DataKeySpec, number>> = { AES_128: 16, AES_256: 32 }

/**
 * No attestation document verifies yet, and an answer in the clear would be the opposite of what was asked.
 *
 * @throws KmsError `ValidationException` whenever a recipient is named
 */
export function refuseRecipient(recipient: RecipientInfo | undefined): void {
  if (recipient === undefined) return
  for (const member of ['KeyEncryptionAlgorithm', 'AttestationDocument'] as const) {
    if (recipient[member] === undefined) throw new KmsError('ValidationException', `Recipient.${member} is required.`)
  }
  throw new KmsError('ValidationException', 'The attestation document in the request could not be verified.')
}

export interface DataKeySize {
  readonly KeySpec?: DataKeySpec | undefined
  readonly NumberOfBytes?: number | undefined
}

/**
 * @returns the length of the data key in bytes
 * @throws KmsError `ValidationException` unless exactly one of the two members is given
 */
export function dataKeyLength({ KeySpec, NumberOfBytes }: DataKeySize): number {
  if (KeySpec !== undefined && NumberOfBytes === undefined) return DATA_KEY_LENGTHS[KeySpec]
  if (KeySpec === undefined && NumberOfBytes !== undefined) return NumberOfBytes
  throw new KmsError('ValidationException', 'Please specify either number of bytes or key spec.')
}

/** Everything that can be wrong with a ciphertext is one error without a message. */
export async function withOneCiphertextError<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    if (error instanceof HsmError && error.code === 'AUTHENTICATION_FAILED') {
      throw new KmsError('InvalidCiphertextException')
    }
    throw error
  }
}
