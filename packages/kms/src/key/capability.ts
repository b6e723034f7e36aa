/** What only symmetric encryption keys can do. */

import { KmsError } from '../errors.ts'
import { type KeyRecord, arnOf } from './key.ts'
import { originNotValid } from './permit-state.ts'

export function isSymmetric(key: KeyRecord): boolean {
  return key.keySpec === 'SYMMETRIC_DEFAULT'
}

/**
 * Asks for a key that seals blobs.
 *
 * @throws KmsError `InvalidKeyUsageException` for an RSA key, whose usage alone would do
 */
export function assertSymmetric(key: KeyRecord, operation: string): void {
  if (isSymmetric(key)) return
  throw new KmsError(
    'InvalidKeyUsageException',
    `${arnOf(key)} key spec is ${key.keySpec} which is not valid for ${operation}.`,
  )
}

/**
 * Asks for a key that can have several materials, of a request that has a member for them.
 *
 * @throws KmsError `UnsupportedOperationException`
 */
export function assertSymmetricFor(key: KeyRecord, member: string): void {
  if (isSymmetric(key)) return
  throw new KmsError(
    'UnsupportedOperationException',
    `${arnOf(key)} key spec is ${key.keySpec} which is not valid for ${member}.`,
  )
}

/**
 * Asks for a key that can have several materials.
 *
 * @throws KmsError `UnsupportedOperationException` without message, as recorded. @spec KMS key-states note 7
 */
export function assertRotates(key: KeyRecord): void {
  if (!isSymmetric(key)) throw new KmsError('UnsupportedOperationException')
}

/**
 * Asks for a key that automatic rotation is for.
 *
 * @throws KmsError `UnsupportedOperationException`; imported material is rotated by whoever imports it
 */
export function assertRotatesByItself(key: KeyRecord): void {
  assertRotates(key)
  if (key.origin !== 'AWS_KMS') throw originNotValid(key)
}

/** Asks for a key whose material is imported. @throws KmsError `UnsupportedOperationException` */
export function assertImports(key: KeyRecord): void {
  if (key.origin !== 'EXTERNAL') throw originNotValid(key)
}
