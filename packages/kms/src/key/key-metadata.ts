/** A key record as AWS's KeyMetadata. @spec wire §5 */

import { currentVersion } from '@softkms/lifecycle'
import type { KeyMetadata } from '../generated/types.ts'
import { type KeyRecord, arnOf } from './key.ts'

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
    CustomerMasterKeySpec: key.keySpec,
    KeySpec: key.keySpec,
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
    CurrentKeyMaterialId: currentVersion(key.life).materialId,
  }
}
