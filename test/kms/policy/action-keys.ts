/**
 * Which condition keys belong to which action, as AWS's service authorization reference has it.
 *
 * Left out: `aws:` keys, the attestation keys of `Recipient`, and the keys of every key resource (`KeySpec` and its like).
 */

/** Operations on custom key stores name no key. */
const STORE = 'CallerAccount'
const CALL = 'CallerAccount ViaService'
const CONTEXT = `${CALL} EncryptionAlgorithm EncryptionContext:a EncryptionContextKeys RequestAlias`

const GRANT = 'EncryptionContext:a EncryptionContextKeys GrantConstraintType'

export const ACTION_KEYS: Readonly<Record<string, string>> = {
  CancelKeyDeletion: CALL,
  ConnectCustomKeyStore: STORE,
  CreateAlias: CALL,
  CreateCustomKeyStore: STORE,
  CreateGrant: `${CALL} ${GRANT} GrantConstraintSourceArn GrantIsForAWSResource GrantOperations GranteePrincipal RetiringPrincipal`,
  CreateKey: `${CALL} BypassPolicyLockoutSafetyCheck KeyOrigin KeySpec KeyUsage MultiRegion`,
  Decrypt: CONTEXT,
  DeleteAlias: CALL,
  DeleteCustomKeyStore: STORE,
  DeleteImportedKeyMaterial: CALL,
  DeriveSharedSecret: `${CALL} KeyAgreementAlgorithm RequestAlias`,
  DescribeCustomKeyStores: STORE,
  DescribeKey: `${CALL} RequestAlias`,
  DisableKey: `${CALL} TrailingDaysWithoutKeyUsage`,
  DisableKeyRotation: CALL,
  EnableKey: CALL,
  EnableKeyRotation: `${CALL} RotationPeriodInDays`,
  DisconnectCustomKeyStore: STORE,
  Encrypt: CONTEXT,
  GenerateDataKey: CONTEXT,
  GenerateDataKeyPair: `${CONTEXT} DataKeyPairSpec`,
  GenerateDataKeyPairWithoutPlaintext: `${CONTEXT} DataKeyPairSpec`,
  GenerateDataKeyWithoutPlaintext: CONTEXT,
  GenerateMac: `${CALL} MacAlgorithm RequestAlias`,
  GenerateRandom: '',
  GetKeyLastUsage: CALL,
  GetKeyPolicy: CALL,
  GetKeyRotationStatus: CALL,
  GetParametersForImport: `${CALL} WrappingAlgorithm WrappingKeySpec`,
  GetPublicKey: `${CALL} RequestAlias`,
  ImportKeyMaterial: `${CALL} ExpirationModel ValidTo`,
  ListAliases: '',
  ListGrants: `${CALL} GrantIsForAWSResource`,
  ListKeyPolicies: CALL,
  ListKeyRotations: CALL,
  ListKeys: '',
  ListResourceTags: CALL,
  ListRetirableGrants: '',
  PutKeyPolicy: `${CALL} BypassPolicyLockoutSafetyCheck`,
  ReEncryptFrom: `${CONTEXT} ReEncryptOnSameKey`,
  ReEncryptTo: `${CONTEXT} ReEncryptOnSameKey`,
  ReplicateKey: `${CALL} ReplicaRegion`,
  RetireGrant: `${CALL} ${GRANT}`,
  RevokeGrant: `${CALL} GrantIsForAWSResource`,
  RotateKeyOnDemand: CALL,
  ScheduleKeyDeletion: `${CALL} ScheduleKeyDeletionPendingWindowInDays TrailingDaysWithoutKeyUsage`,
  Sign: `${CALL} MessageType RequestAlias SigningAlgorithm`,
  TagResource: CALL,
  UntagResource: CALL,
  UpdateAlias: CALL,
  UpdateCustomKeyStore: STORE,
  UpdateKeyDescription: CALL,
  UpdatePrimaryRegion: `${CALL} PrimaryRegion`,
  Verify: `${CALL} MessageType RequestAlias SigningAlgorithm`,
  VerifyMac: `${CALL} MacAlgorithm RequestAlias`,
}

/** Of every action about a key. */
export const RESOURCE_KEYS =
  'KeyOrigin KeySpec KeyUsage MultiRegion CustomerMasterKeySpec CustomerMasterKeyUsage'.split(' ')
