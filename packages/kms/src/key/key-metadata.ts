/** A key record as AWS's KeyMetadata. @spec wire §5 */

import { algorithmsOf } from '@softkms/hsm'
import { currentVersion, isReplica } from '@softkms/lifecycle'
import type {
  CustomerMasterKeySpec,
  EncapsulationAlgorithmSpec,
  EncryptionAlgorithmSpec,
  KeyAgreementAlgorithmSpec,
  KeyMetadata,
  MacAlgorithmSpec,
  MultiRegionKey,
  SigningAlgorithmSpec,
} from '../generated/types.ts'
import { isSymmetric } from './capability.ts'
import { formatExpiration } from './expiration.ts'
import { type KeyRecord, arnOf } from './key.ts'
import { formatKeyArn } from './key-id.ts'

type AlgorithmMembers = Pick<
  KeyMetadata,
  'EncapsulationAlgorithms' | 'EncryptionAlgorithms' | 'KeyAgreementAlgorithms' | 'MacAlgorithms' | 'SigningAlgorithms'
>

export function formatKeyMetadata(key: KeyRecord): KeyMetadata {
  const { state, versions } = key.life
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
    ...formatExpiration(versions.map(({ material }) => material)),
    Origin: key.origin,
    KeyManager: key.managedBy === undefined ? 'CUSTOMER' : 'AWS',
    // AWS writes the spec here whether its own model of the member has it or not.
    CustomerMasterKeySpec: key.keySpec as CustomerMasterKeySpec,
    KeySpec: key.keySpec,
    ...formatAlgorithms(key),
    ...formatMultiRegion(key),
    ...(state.name === 'PendingReplicaDeletion' ? { PendingDeletionWindowInDays: state.pendingWindowInDays } : {}),
    ...formatCurrentMaterial(key),
  }
}

/** Only symmetric keys show it, and none that is being made. */
function formatCurrentMaterial(key: KeyRecord): Pick<KeyMetadata, 'CurrentKeyMaterialId'> {
  const current = currentVersion(key.life)
  if (!isSymmetric(key) || current === undefined || key.life.state.name === 'Creating') return {}
  return { CurrentKeyMaterialId: current.materialId }
}

function formatMultiRegion(key: KeyRecord): Pick<KeyMetadata, 'MultiRegion' | 'MultiRegionConfiguration'> {
  const set = key.life.multiRegion
  if (set === undefined) return { MultiRegion: false }
  const keyIn = (region: string): MultiRegionKey => ({
    Arn: formatKeyArn({ account: key.account, region }, key.keyId),
    Region: region,
  })
  return {
    MultiRegion: true,
    MultiRegionConfiguration: {
      MultiRegionKeyType: isReplica(key.life) ? 'REPLICA' : 'PRIMARY',
      PrimaryKey: keyIn(set.primaryRegion),
      ReplicaKeys: set.replicaRegions.map(keyIn),
    },
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
