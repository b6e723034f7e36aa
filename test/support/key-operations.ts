/**
 * Every operation that names a key, with a request that succeeds on an enabled key (on one that is pending deletion for
 * CancelKeyDeletion).
 */
import type { ImplementedOperation } from '@softkms/kms'
import type { Kms } from 'softkms'
import { ACCOUNT } from './kms-fixture.ts'
import { openPolicy } from './policies.ts'

/** What stands ready beside a key, so that each operation has something to work on. */
export interface Surroundings {
  /** Sealed under the key. */
  readonly blob: Uint8Array
  /** Another enabled key. */
  readonly otherKeyId: string
  /** An alias that nobody has. */
  readonly freeAlias: string
  /** An alias of the other key. */
  readonly otherAlias: string
  /** A grant on the key. */
  readonly grantId: string
}

export interface KeyOperation {
  readonly name: ImplementedOperation
  /** Which member names the key, where the operation has two. */
  readonly role?: string
  /** All four forms of identifier, or key id and key ARN only. */
  readonly forms: 'any' | 'key-only'
  readonly input: (identifier: string, surroundings: Surroundings) => object
}

const POLICY = openPolicy(ACCOUNT)
const PLAINTEXT = Uint8Array.of(1, 2, 3)

export const KEY_OPERATIONS: readonly KeyOperation[] = [
  { name: 'CancelKeyDeletion', forms: 'key-only', input: (KeyId) => ({ KeyId }) },
  {
    name: 'CreateAlias',
    forms: 'key-only',
    input: (TargetKeyId, { freeAlias }) => ({ AliasName: freeAlias, TargetKeyId }),
  },
  {
    name: 'CreateGrant',
    forms: 'key-only',
    input: (KeyId) => ({ KeyId, GranteePrincipal: `arn:aws:iam::${ACCOUNT}:role/app`, Operations: ['Decrypt'] }),
  },
  { name: 'Decrypt', forms: 'any', input: (KeyId, { blob }) => ({ KeyId, CiphertextBlob: blob }) },
  { name: 'DescribeKey', forms: 'any', input: (KeyId) => ({ KeyId }) },
  { name: 'DisableKey', forms: 'key-only', input: (KeyId) => ({ KeyId }) },
  { name: 'DisableKeyRotation', forms: 'key-only', input: (KeyId) => ({ KeyId }) },
  { name: 'EnableKey', forms: 'key-only', input: (KeyId) => ({ KeyId }) },
  { name: 'EnableKeyRotation', forms: 'key-only', input: (KeyId) => ({ KeyId }) },
  { name: 'Encrypt', forms: 'any', input: (KeyId) => ({ KeyId, Plaintext: PLAINTEXT }) },
  { name: 'GenerateDataKey', forms: 'any', input: (KeyId) => ({ KeyId, KeySpec: 'AES_256' }) },
  {
    name: 'GenerateDataKeyPair',
    forms: 'any',
    input: (KeyId) => ({ KeyId, KeyPairSpec: 'ECC_NIST_EDWARDS25519' }),
  },
  {
    name: 'GenerateDataKeyPairWithoutPlaintext',
    forms: 'any',
    input: (KeyId) => ({ KeyId, KeyPairSpec: 'ECC_NIST_EDWARDS25519' }),
  },
  { name: 'GenerateDataKeyWithoutPlaintext', forms: 'any', input: (KeyId) => ({ KeyId, KeySpec: 'AES_256' }) },
  { name: 'GetKeyLastUsage', forms: 'key-only', input: (KeyId) => ({ KeyId }) },
  { name: 'GetKeyPolicy', forms: 'key-only', input: (KeyId) => ({ KeyId }) },
  { name: 'GetKeyRotationStatus', forms: 'key-only', input: (KeyId) => ({ KeyId }) },
  { name: 'ListAliases', forms: 'key-only', input: (KeyId) => ({ KeyId }) },
  { name: 'ListGrants', forms: 'key-only', input: (KeyId) => ({ KeyId }) },
  { name: 'ListKeyPolicies', forms: 'key-only', input: (KeyId) => ({ KeyId }) },
  { name: 'ListKeyRotations', forms: 'key-only', input: (KeyId) => ({ KeyId }) },
  { name: 'ListResourceTags', forms: 'key-only', input: (KeyId) => ({ KeyId }) },
  { name: 'PutKeyPolicy', forms: 'key-only', input: (KeyId) => ({ KeyId, Policy: POLICY }) },
  {
    name: 'ReEncrypt',
    role: 'source',
    forms: 'any',
    input: (SourceKeyId, { blob, otherKeyId }) => ({
      SourceKeyId,
      CiphertextBlob: blob,
      DestinationKeyId: otherKeyId,
    }),
  },
  {
    name: 'ReEncrypt',
    role: 'destination',
    forms: 'any',
    input: (DestinationKeyId, { blob }) => ({ DestinationKeyId, CiphertextBlob: blob }),
  },
  { name: 'RetireGrant', forms: 'key-only', input: (KeyId, { grantId: GrantId }) => ({ KeyId, GrantId }) },
  { name: 'RevokeGrant', forms: 'key-only', input: (KeyId, { grantId: GrantId }) => ({ KeyId, GrantId }) },
  { name: 'RotateKeyOnDemand', forms: 'key-only', input: (KeyId) => ({ KeyId }) },
  { name: 'ScheduleKeyDeletion', forms: 'key-only', input: (KeyId) => ({ KeyId }) },
  { name: 'TagResource', forms: 'key-only', input: (KeyId) => ({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] }) },
  { name: 'UntagResource', forms: 'key-only', input: (KeyId) => ({ KeyId, TagKeys: ['a'] }) },
  {
    name: 'UpdateAlias',
    forms: 'key-only',
    input: (TargetKeyId, { otherAlias }) => ({ AliasName: otherAlias, TargetKeyId }),
  },
  { name: 'UpdateKeyDescription', forms: 'key-only', input: (KeyId) => ({ KeyId, Description: 'described' }) },
]

/** The operations that name no key at all. */
export const KEYLESS_OPERATIONS: readonly ImplementedOperation[] = [
  'ConnectCustomKeyStore',
  'CreateCustomKeyStore',
  'CreateKey',
  'DeleteAlias',
  'DeleteCustomKeyStore',
  'DescribeCustomKeyStores',
  'DisconnectCustomKeyStore',
  'GenerateRandom',
  'ListKeys',
  'ListRetirableGrants',
  'UpdateCustomKeyStore',
]

export function titleOf({ name, role }: Pick<KeyOperation, 'name' | 'role'>): string {
  return role === undefined ? name : `${name} (${role})`
}

/** Sets up what every operation needs beside the key `keyId`, which must be enabled. */
export async function surround(kms: Kms, keyId: string): Promise<Surroundings> {
  const { CiphertextBlob: blob = new Uint8Array(0) } = await kms.encrypt({ KeyId: keyId, Plaintext: PLAINTEXT })
  const { KeyMetadata } = await kms.createKey()
  const otherKeyId = KeyMetadata?.KeyId ?? ''
  const otherAlias = `alias/other-of-${keyId}`
  await kms.createAlias({ AliasName: otherAlias, TargetKeyId: otherKeyId })
  const { GrantId: grantId = '' } = await kms.createGrant({
    KeyId: keyId,
    GranteePrincipal: `arn:aws:iam::${ACCOUNT}:user/grantee`,
    Operations: ['Encrypt'],
  })
  return { blob, otherKeyId, freeAlias: `alias/free-for-${keyId}`, otherAlias, grantId }
}

/** Operations on keys that are not symmetric encryption keys; they take any identifier too. */
export const OPERATIONS_OF_OTHER_KEYS: readonly ImplementedOperation[] = [
  'Decapsulate',
  'DeriveSharedSecret',
  'Encapsulate',
  'GenerateMac',
  'GetPublicKey',
  'Sign',
  'Verify',
  'VerifyMac',
]

/** Operations on imported material and on multi-Region keys; they take no alias. */
export const OPERATIONS_OF_IMPORT_AND_REGIONS: readonly ImplementedOperation[] = [
  'DeleteImportedKeyMaterial',
  'GetParametersForImport',
  'ImportKeyMaterial',
  'ReplicateKey',
  'UpdatePrimaryRegion',
]
