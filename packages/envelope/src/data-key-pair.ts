/** Data key pairs: generated inside the HSM, the private half handed out sealed and, when asked for, in the clear. */

import type { DataKeyPairSpec, GenerateSealedKeyPairCommand, Hsm } from '@softkms/hsm'
import type { EncryptionContext } from './encryption-context.ts'
import { type SealingKey, sealTarget } from './seal.ts'

export interface SealedDataKeyPair {
  /** The private key as PKCS#8, sealed. */
  readonly blob: Uint8Array
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array
}

export interface DataKeyPair extends SealedDataKeyPair {
  /** PKCS#8, DER, the caller's to zeroize. */
  readonly plaintext: Uint8Array
}

/**
 * Generates a key pair and seals its private half.
 *
 * @throws RangeError for a context that is not well formed
 */
export async function generateDataKeyPair(
  hsm: Hsm,
  key: SealingKey,
  spec: DataKeyPairSpec,
  context?: EncryptionContext,
): Promise<DataKeyPair> {
  const { sealed, publicKey, plaintext } = await hsm.generateSealedKeyPair(keyPairCommand(key, spec, context, true))
  if (plaintext === undefined) throw new TypeError('the HSM left out the private key that was asked for')
  return { blob: sealed, publicKey, plaintext }
}

/** Generates a key pair whose private half never leaves the HSM in the clear. */
export async function generateDataKeyPairWithoutPlaintext(
  hsm: Hsm,
  key: SealingKey,
  spec: DataKeyPairSpec,
  context?: EncryptionContext,
): Promise<SealedDataKeyPair> {
  const { sealed, publicKey } = await hsm.generateSealedKeyPair(keyPairCommand(key, spec, context, false))
  return { blob: sealed, publicKey }
}

function keyPairCommand(
  key: SealingKey,
  keyPairSpec: DataKeyPairSpec,
  context: EncryptionContext | undefined,
  isPlaintextWanted: boolean,
): GenerateSealedKeyPairCommand {
  return { ...sealTarget(key, context), keyPairSpec, isPlaintextWanted }
}
