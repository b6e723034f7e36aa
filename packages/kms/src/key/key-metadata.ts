/** A key record as AWS's KeyMetadata. @spec wire §5 */

import { algorithmsOf } from '@softkms/hsm'
import { currentVersion } from '@softkms/lifecycle'
import type {
  CustomerMasterKeySpec,
  EncapsulationAlgorithmSpec,
  EncryptionAlgorithmSpec,
  KeyAgreementAlgorithmSpec,
  KeyMetadata,
  MacAlgorithmSpec,
  SigningAlgorithmSpec,
} from '../generated/types.ts'
import { isSymmetric } from './capability.ts'
import { type KeyRecord, arnOf } from './key.ts'

type AlgorithmMembers = Pick<
  KeyMetadata,
  'EncapsulationAlgorithms' | 'EncryptionAlgorithms' | 'KeyAgreementAlgorithms' | 'MacAlgorithms' | 'SigningAlgorithms'
>

export function formatKeyMetadata(key: KeyRecord): KeyMetadata {
  const { state } = key.life
  return {
    AWSAccountId: key.account,
    KeyId: key.keyId,
    Arn: arnOf(key),
    CreationDate: new Date(key.createdAt),
    Enabled: state.name === 'Enabled',
    Description: key.description,
    KeyUsage: key.keyUsage,
    KeyState: state.name,
    ...(state.name === 'PendingDeletion' ? { DeletionDate: new Date(state.deletionDate) } : {}),
    Origin: key.origin,
    KeyManager: 'CUSTOMER',
    // AWS writes the spec here whether its own model of the member has it or not.
    CustomerMasterKeySpec: key.keySpec as CustomerMasterKeySpec,
    KeySpec: key.keySpec,
    ...formatAlgorithms(key),
    MultiRegion: false,
    ...(isSymmetric(key) ? { CurrentKeyMaterialId: currentVersion(key.life).materialId } : {}),
  }
}

/** The list of the key's algorithms, under the name that it has for the key's usage. */
export function formatAlgorithms(key: KeyRecord): AlgorithmMembers {
  const { keyUsage, keySpec } = key
  const algorithms = [...algorithmsOf(keySpec, keyUsage)]
  switch (keyUsage) {
    case 'ENCRYPT_DECRYPT':
      return { EncryptionAlgorithms: algorithms as EncryptionAlgorithmSpec[] }
    case 'SIGN_VERIFY':
      return { SigningAlgorithms: algorithms as SigningAlgorithmSpec[] }
    case 'GENERATE_VERIFY_MAC':
      return { MacAlgorithms: algorithms as MacAlgorithmSpec[] }
    case 'KEY_AGREEMENT':
      return { KeyAgreementAlgorithms: algorithms as KeyAgreementAlgorithmSpec[] }
    case 'ENCAPSULATE_DECAPSULATE':
      return { EncapsulationAlgorithms: algorithms as EncapsulationAlgorithmSpec[] }
    default:
      return keyUsage satisfies never
  }
}
