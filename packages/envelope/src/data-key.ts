/** Data keys: drawn inside the HSM, handed out sealed and, when asked for, in the clear. */

import type { GenerateSealedDataKeyCommand, Hsm } from '@softkms/hsm'
import type { EncryptionContext } from './encryption-context.ts'
import { type SealingKey, sealTarget } from './seal.ts'

export interface DataKey {
  /** The data key, sealed. */
  readonly blob: Uint8Array
  /** The data key itself, the caller's to zeroize. */
  readonly plaintext: Uint8Array
}

/**
 * Draws a data key of `length` bytes, 1 to 1024, and seals it.
 *
 * @throws RangeError for a length out of range or a context that is not well formed
 */
export async function generateDataKey(
  hsm: Hsm,
  key: SealingKey,
  length: number,
  context?: EncryptionContext,
): Promise<DataKey> {
  const { sealed, plaintext } = await hsm.generateSealedDataKey(dataKeyCommand(key, length, context, true))
  if (plaintext === undefined) throw new TypeError('the HSM left out the data key that was asked for')
  return { blob: sealed, plaintext }
}

/** Draws and seals a data key that never leaves the HSM in the clear. */
export async function generateDataKeyWithoutPlaintext(
  hsm: Hsm,
  key: SealingKey,
  length: number,
  context?: EncryptionContext,
): Promise<Uint8Array> {
  const { sealed } = await hsm.generateSealedDataKey(dataKeyCommand(key, length, context, false))
  return sealed
}

function dataKeyCommand(
  key: SealingKey,
  length: number,
  context: EncryptionContext | undefined,
  isPlaintextWanted: boolean,
): GenerateSealedDataKeyCommand {
  return { ...sealTarget(key, context), length, isPlaintextWanted }
}
