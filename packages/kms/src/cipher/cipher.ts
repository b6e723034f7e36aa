/**
 * What Encrypt, Decrypt and ReEncrypt share: from a key and a request's members to what the HSM is told, for symmetric
 * and RSA keys alike.
 *
 * @spec KMS operations, Encrypt, Decrypt and ReEncrypt; crypto-details §7
 */

import { type EncryptionContext, openCommand, sealTarget } from '@softkms/envelope'
import {
  type EncryptionAlgorithm,
  type EncryptionTarget,
  HsmError,
  type OpenCommand,
  type RsaEncryptionAlgorithm,
  maxRsaPlaintextLength,
} from '@softkms/hsm'
import { assertAlgorithm } from '../algorithm/algorithm-checks.ts'
import { KmsError } from '../errors.ts'
import type { EncryptionAlgorithmSpec } from '../generated/types.ts'
import { isSymmetric } from '../key/capability.ts'
import type { KeyRecord } from '../key/key.ts'
import { currentMaterial, currentToken } from '../key/material.ts'
import type { Ciphertext } from '../operations/ciphertext-target.ts'
import type { Store } from '../store/store.ts'

/** The members of one side of a request. */
export interface CipherMembers {
  /** `SYMMETRIC_DEFAULT` when the request names none. */
  readonly algorithm: EncryptionAlgorithmSpec | undefined
  readonly context: EncryptionContext | undefined
}

/**
 * Takes the algorithm that a request names for a key.
 *
 * @throws KmsError `InvalidKeyUsageException` for one that the key does not have, `ValidationException` for an
 * encryption context that nothing could authenticate
 */
export function chooseAlgorithm(key: KeyRecord, members: CipherMembers): EncryptionAlgorithm {
  const algorithm: EncryptionAlgorithmSpec = members.algorithm ?? 'SYMMETRIC_DEFAULT'
  assertAlgorithm(key, algorithm)
  if (!isSymmetric(key) && members.context !== undefined && Object.keys(members.context).length > 0) {
    throw new KmsError('ValidationException', 'EncryptionContext is valid only for symmetric encryption KMS keys.')
  }
  return algorithm
}

/** Where the HSM encrypts to, for a key whose algorithm was chosen. */
export async function destinationOf(
  store: Store,
  key: KeyRecord,
  algorithm: EncryptionAlgorithm,
  context: EncryptionContext | undefined,
): Promise<EncryptionTarget> {
  if (algorithm === 'SYMMETRIC_DEFAULT') return sealTarget(await currentMaterial(store, key), context)
  return { token: await currentToken(store, key), algorithm }
}

/** What the HSM decrypts, for a key whose algorithm was chosen. */
export async function sourceOf(
  store: Store,
  { key, ciphertext }: { readonly key: KeyRecord; readonly ciphertext: Ciphertext },
  algorithm: EncryptionAlgorithm,
  context: EncryptionContext | undefined,
): Promise<OpenCommand> {
  if (ciphertext.type === 'blob') {
    const { blob, token } = ciphertext
    // The state of a key that lacks material has refused by now, unless the material is one that never sealed a blob.
    if (token === undefined) throw new KmsError('InvalidCiphertextException')
    return openCommand({ token, blob }, context)
  }
  // A key of another kind was refused when its algorithm was chosen.
  const token = await currentToken(store, key)
  return { token, algorithm: algorithm as RsaEncryptionAlgorithm, ciphertext: ciphertext.bytes }
}

/** @returns what `encrypt` does; a plaintext that RSA cannot take is refused in AWS's words */
export async function withRsaLimit<T>(
  key: KeyRecord,
  algorithm: EncryptionAlgorithm,
  encrypt: () => Promise<T>,
): Promise<T> {
  try {
    return await encrypt()
  } catch (error) {
    if (!(error instanceof HsmError) || error.code !== 'PLAINTEXT_TOO_LONG') throw error
    const most = maxRsaPlaintextLength(key.keySpec, algorithm)
    throw new KmsError(
      'ValidationException',
      `Algorithm ${algorithm} and key spec ${key.keySpec} cannot encrypt data larger than ${most} bytes.`,
    )
  }
}
