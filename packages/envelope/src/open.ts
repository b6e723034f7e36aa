/** From ciphertext blob to plaintext. */

import type { Hsm, KeyToken, OpenSealedCommand } from '@softkms/hsm'
import type { Blob } from './blob.ts'
import { type EncryptionContext, encodeEncryptionContext } from './encryption-context.ts'

/** A blob, and the token of the material that it names. */
export interface OpeningKey {
  readonly token: KeyToken
  readonly blob: Blob
}

/**
 * Opens a parsed blob.
 *
 * @returns the plaintext, the caller's to zeroize
 * @throws HsmError `AUTHENTICATION_FAILED` for a changed byte, another context or another key, all alike
 * @throws RangeError for a context that is not well formed
 */
export async function openBlob(hsm: Hsm, key: OpeningKey, context?: EncryptionContext): Promise<Uint8Array> {
  return hsm.open(openCommand(key, context))
}

/** What the HSM needs to open a blob, for `openBlob` and for resealing alike. */
export function openCommand({ token, blob }: OpeningKey, context?: EncryptionContext): OpenSealedCommand {
  return {
    token,
    header: blob.header,
    additionalData: encodeEncryptionContext(context),
    ciphertext: blob.ciphertext,
  }
}
