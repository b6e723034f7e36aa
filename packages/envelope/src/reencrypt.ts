/** From one blob to another, under another key or context, without the plaintext leaving the HSM. */

import type { Hsm } from '@softkms/hsm'
import type { EncryptionContext } from './encryption-context.ts'
import { type OpeningKey, openCommand } from './open.ts'
import { type SealingKey, sealTarget } from './seal.ts'

export interface ReencryptSide<Key> {
  readonly key: Key
  readonly context?: EncryptionContext | undefined
}

/**
 * Opens the source and seals what it held for the destination.
 *
 * @returns the destination's blob
 * @throws HsmError `AUTHENTICATION_FAILED` when the source does not open, and what `sealBlob` throws
 */
export async function reencryptBlob(
  hsm: Hsm,
  source: ReencryptSide<OpeningKey>,
  destination: ReencryptSide<SealingKey>,
): Promise<Uint8Array> {
  return hsm.reseal({
    source: openCommand(source.key, source.context),
    destination: sealTarget(destination.key, destination.context),
  })
}
