/** From plaintext to ciphertext blob. */

import type { Hsm, KeyToken, SealTarget } from '@softkms/hsm'
import { encodeBlobHeader } from './blob.ts'
import { type EncryptionContext, encodeEncryptionContext } from './encryption-context.ts'

/** The current material of a key: what new blobs are sealed under. */
export interface SealingKey {
  readonly token: KeyToken
  /** 32 bytes, as the HSM computed them. */
  readonly materialId: Uint8Array
}

/** Where the HSM seals a blob: for `sealBlob`, for data keys and for resealing alike. */
export function sealTarget({ token, materialId }: SealingKey, context?: EncryptionContext): SealTarget {
  return {
    token,
    layout: (plaintextLength) => encodeBlobHeader(materialId, plaintextLength),
    additionalData: encodeEncryptionContext(context),
  }
}

/**
 * Seals `plaintext` into a blob.
 *
 * @param plaintext 1 to 4096 bytes; stays the caller's
 * @throws RangeError for a length out of range or a context that is not well formed
 * @throws HsmError `INVALID_TOKEN`, `KEY_USAGE` and the module's own
 */
export async function sealBlob(
  hsm: Hsm,
  key: SealingKey,
  plaintext: Uint8Array,
  context?: EncryptionContext,
): Promise<Uint8Array> {
  return hsm.seal({ ...sealTarget(key, context), plaintext })
}
