/**
 * Which operations a grant can be for: those that KMS knows, and of them those that the key can do.
 *
 * @spec KMS authorization §4; operations, CreateGrant
 */

import type { GrantOperation } from '../generated/types.ts'
import { type KeyRecord, arnOf } from '../key/key.ts'
import { KmsError } from '../errors.ts'

const MANAGEMENT = ['CreateGrant', 'DescribeKey', 'RetireGrant'] as const
const ENCRYPTION = ['Decrypt', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo'] as const
const DATA_KEYS = [
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
] as const

const BY_USAGE: Readonly<Record<KeyRecord['keyUsage'], readonly GrantOperation[]>> = {
  ENCRYPT_DECRYPT: [...ENCRYPTION, 'GetPublicKey'],
  SIGN_VERIFY: ['GetPublicKey', 'Sign', 'Verify'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac'],
  KEY_AGREEMENT: ['DeriveSharedSecret', 'GetPublicKey'],
  ENCAPSULATE_DECAPSULATE: ['Decapsulate', 'Encapsulate', 'GetPublicKey'],
}

const GRANTABLE: ReadonlySet<string> = new Set([...MANAGEMENT, ...DATA_KEYS, ...Object.values(BY_USAGE).flat()])

/** @param action without `kms:` */
export function isGrantable(action: string): action is GrantOperation {
  return GRANTABLE.has(action)
}

function operationsOf({ keySpec, keyUsage }: KeyRecord): readonly GrantOperation[] {
  if (keySpec === 'SYMMETRIC_DEFAULT') return [...MANAGEMENT, ...ENCRYPTION, ...DATA_KEYS]
  return [...MANAGEMENT, ...BY_USAGE[keyUsage]]
}

/** @throws KmsError `ValidationException` for an operation that the key does not have */
export function assertOperationsFit(key: KeyRecord, operations: readonly GrantOperation[]): void {
  const own = operationsOf(key)
  const alien = operations.filter((operation) => !own.includes(operation))
  if (alien.length === 0) return
  throw new KmsError(
    'ValidationException',
    `Grant operations [${alien.join(', ')}] are not valid for ${arnOf(key)}, whose key spec is ${key.keySpec} and ` +
      `whose key usage is ${key.keyUsage}.`,
  )
}
