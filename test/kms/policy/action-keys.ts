/**
 * Which condition keys belong to which action, as AWS's service authorization reference has it.
 *
 * Left out: `aws:` keys, the attestation keys of `Recipient`, and the keys of every key resource (`KeySpec` and its like).
 */

const CALL = 'CallerAccount ViaService'
const CONTEXT = `${CALL} EncryptionAlgorithm EncryptionContext:a EncryptionContextKeys RequestAlias`

const GRANT = 'EncryptionContext:a EncryptionContextKeys GrantConstraintType'

export const ACTION_KEYS: Readonly<Record<string, string>> = {
  CancelKeyDeletion: CALL,
  CreateAlias: CALL,
  CreateGrant: `${CALL} ${GRANT} GrantConstraintSourceArn GrantIsForAWSResource GrantOperations GranteePrincipal RetiringPrincipal`,
  CreateKey: `${CALL} BypassPolicyLockoutSafetyCheck KeyOrigin KeySpec KeyUsage MultiRegion`,
  Decrypt: CONTEXT,
  DeleteAlias: CALL,
  DeleteImportedKeyMaterial: CALL,
  DeriveSharedSecret: `${CALL} KeyAgreementAlgorithm RequestAlias`,
  DescribeKey: `${CALL} RequestAlias`,
  DisableKey: CALL,
  DisableKeyRotation: CALL,
  EnableKey: CALL,
  EnableKeyRotation: `${CALL} RotationPeriodInDays`,
  Encrypt: CONTEXT,
  GenerateDataKey: CONTEXT,
  GenerateDataKeyPair: `${CONTEXT} DataKeyPairSpec`,
  GenerateDataKeyPairWithoutPlaintext: `${CONTEXT} DataKeyPairSpec`,
  GenerateDataKeyWithoutPlaintext: CONTEXT,
  GenerateMac: `${CALL} MacAlgorithm RequestAlias`,
  GenerateRandom: '',
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
  ScheduleKeyDeletion: `${CALL} ScheduleKeyDeletionPendingWindowInDays`,
  Sign: `${CALL} MessageType RequestAlias SigningAlgorithm`,
  TagResource: CALL,
  UntagResource: CALL,
  UpdateAlias: CALL,
  UpdateKeyDescription: CALL,
  UpdatePrimaryRegion: `${CALL} PrimaryRegion`,
  Verify: `${CALL} MessageType RequestAlias SigningAlgorithm`,
  VerifyMac: `${CALL} MacAlgorithm RequestAlias`,
}

/** Of every action about a key. */
export const RESOURCE_KEYS =
  'KeyOrigin KeySpec KeyUsage MultiRegion CustomerMasterKeySpec CustomerMasterKeyUsage'.split(' ')
