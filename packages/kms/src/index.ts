export { KmsError, type KmsErrorCode } from './errors.ts'
export { operationErrors, type ModelledError } from './generated/errors.ts'
export { operationShapes } from './generated/shapes.ts'
export type {
  AlgorithmSpec,
  AliasListEntry,
  CancelKeyDeletionRequest,
  CancelKeyDeletionResponse,
  ConnectCustomKeyStoreRequest,
  ConnectCustomKeyStoreResponse,
  ConnectionErrorCodeType,
  ConnectionStateType,
  CreateAliasRequest,
  CreateCustomKeyStoreRequest,
  CreateCustomKeyStoreResponse,
  CreateGrantRequest,
  CreateGrantResponse,
  CreateKeyRequest,
  CreateKeyResponse,
  CustomKeyStoreType,
  CustomKeyStoresListEntry,
  CustomerMasterKeySpec,
  DataKeyPairSpec,
  DataKeySpec,
  DecapsulateRequest,
  DecapsulateResponse,
  DecryptRequest,
  DecryptResponse,
  DeleteAliasRequest,
  DeleteCustomKeyStoreRequest,
  DeleteCustomKeyStoreResponse,
  DeleteImportedKeyMaterialRequest,
  DeleteImportedKeyMaterialResponse,
  DeriveSharedSecretRequest,
  DeriveSharedSecretResponse,
  DescribeCustomKeyStoresRequest,
  DescribeCustomKeyStoresResponse,
  DescribeKeyRequest,
  DescribeKeyResponse,
  DisableKeyRequest,
  DisableKeyRotationRequest,
  DisconnectCustomKeyStoreRequest,
  DisconnectCustomKeyStoreResponse,
  DryRunModifierType,
  EnableKeyRequest,
  EnableKeyRotationRequest,
  EncapsulateRequest,
  EncapsulateResponse,
  EncapsulationAlgorithmSpec,
  EncryptRequest,
  EncryptResponse,
  EncryptionAlgorithmSpec,
  ExpirationModelType,
  GenerateDataKeyPairRequest,
  GenerateDataKeyPairResponse,
  GenerateDataKeyPairWithoutPlaintextRequest,
  GenerateDataKeyPairWithoutPlaintextResponse,
  GenerateDataKeyRequest,
  GenerateDataKeyResponse,
  GenerateDataKeyWithoutPlaintextRequest,
  GenerateDataKeyWithoutPlaintextResponse,
  GenerateMacRequest,
  GenerateMacResponse,
  GenerateRandomRequest,
  GenerateRandomResponse,
  GetKeyLastUsageRequest,
  GetKeyLastUsageResponse,
  GetKeyPolicyRequest,
  GetKeyPolicyResponse,
  GetKeyRotationStatusRequest,
  GetKeyRotationStatusResponse,
  GetParametersForImportRequest,
  GetParametersForImportResponse,
  GetPublicKeyRequest,
  GetPublicKeyResponse,
  GrantConstraints,
  GrantListEntry,
  GrantOperation,
  ImportKeyMaterialRequest,
  ImportKeyMaterialResponse,
  ImportState,
  ImportType,
  IncludeKeyMaterial,
  KeyAgreementAlgorithmSpec,
  KeyEncryptionMechanism,
  KeyLastUsageData,
  KeyLastUsageTrackingOperation,
  KeyListEntry,
  KeyManagerType,
  KeyMaterialState,
  KeyMetadata,
  KeySpec,
  KeyState,
  KeyUsageType,
  ListAliasesRequest,
  ListAliasesResponse,
  ListGrantsRequest,
  ListGrantsResponse,
  ListKeyPoliciesRequest,
  ListKeyPoliciesResponse,
  ListKeyRotationsRequest,
  ListKeyRotationsResponse,
  ListKeysRequest,
  ListKeysResponse,
  ListResourceTagsRequest,
  ListResourceTagsResponse,
  ListRetirableGrantsRequest,
  MacAlgorithmSpec,
  MessageType,
  MultiRegionConfiguration,
  MultiRegionKey,
  MultiRegionKeyType,
  OperationInputs,
  OperationName,
  OperationOutputs,
  OriginType,
  PutKeyPolicyRequest,
  ReEncryptRequest,
  ReEncryptResponse,
  RecipientInfo,
  ReplicateKeyRequest,
  ReplicateKeyResponse,
  RetireGrantRequest,
  RevokeGrantRequest,
  RotateKeyOnDemandRequest,
  RotateKeyOnDemandResponse,
  RotationType,
  RotationsListEntry,
  ScheduleKeyDeletionRequest,
  ScheduleKeyDeletionResponse,
  SignRequest,
  SignResponse,
  SigningAlgorithmSpec,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
  UpdateAliasRequest,
  UpdateCustomKeyStoreRequest,
  UpdateCustomKeyStoreResponse,
  UpdateKeyDescriptionRequest,
  UpdatePrimaryRegionRequest,
  VerifyMacRequest,
  VerifyMacResponse,
  VerifyRequest,
  VerifyResponse,
  WrappingKeySpec,
  XksKeyConfigurationType,
  XksProxyAuthenticationCredentialType,
  XksProxyConfigurationType,
  XksProxyConnectivityType,
} from './generated/types.ts'
export type { AbortSignalLike, Caller, ExplainingKms, KmsService, ServingKms } from './service.ts'
export type { OperationShape, Shape, StructureShape } from './shape/shape.ts'
export type { Valid, ValidInput } from './shape/valid.ts'
export { isOperationName, validateInput } from './shape/validate.ts'
export type { AliasRecord } from './alias/alias.ts'
export { type AuditEntry, type AuditSink, type MemoryAudit, createMemoryAudit } from './audit/audit.ts'
export {
  AWS_SERVICES,
  type AwsService,
  type ManagedKeyRow,
  findService,
  isWorkingByGrant,
} from './aws-service/service-table.ts'
export type { CallingService } from './aws-service/calling-service.ts'
export { type Clock, systemClock } from './clock.ts'
export { parseDateTime } from './date-time.ts'
export { parseDuration } from './duration.ts'
export type { GrantMiss } from './grant/allowance.ts'
export type { GrantTrace } from './grant/find-grants.ts'
export type { GrantConstraints as GrantRecordConstraints, GrantId, GrantParty, GrantRecord } from './grant/grant.ts'
export { lookupsOf, retiringLookupOf } from './grant/lookup.ts'
export { parseGrantEntry } from './grant/read-grant.ts'
export { type Ids, createIds } from './ids.ts'
export type { KeyRecord, KeyTag, MaterialRecord } from './key/key.ts'
export { arnOf, dueAt } from './key/key.ts'
export type { AliasName, KeyId } from './key/key-id.ts'
export { type KmsServiceOptions, createKmsService } from './kms.ts'
export { type ImplementedOperation, OPERATIONS } from './operations/index.ts'
export { type Scope, isAccount, isRegion, partitionOf } from './scope.ts'
export type { Access, AccessQuestion, AuthorizationMode } from './policy/access.ts'
export { isAboutKey } from './policy/action.ts'
export {
  type Authorization,
  type AuthorizationOptions,
  type AuthorizedRequest,
  createAuthorization,
} from './policy/authorize.ts'
export { formatDefaultPolicy } from './policy/document.ts'
export type { KeyFacts } from './policy/request-facts.ts'
export type { Decision, Grounds, Refusal } from './policy/decision.ts'
export type { ConditionTrace, Explanation, Miss, StatementTrace } from './policy/explain.ts'
export { formatExplanation } from './policy/format-explanation.ts'
export {
  type AccountPolicies,
  type AccountPolicyInputs,
  type ControlLevels,
  type IdentityPolicies,
  type MemoryIdentityPolicies,
  type PolicyInput,
  type PrincipalPolicies,
  type PrincipalPolicyInputs,
  createIdentityPolicies,
} from './policy/identity-policies.ts'
export type { PolicyKind } from './policy/statement.ts'
export { type Principal, parsePrincipal } from './principal/principal.ts'
export { quotaOfKey, quotaOfKeyPair } from './quota/quota-of.ts'
export { type QuotaName, REQUEST_RATES, type RequestRate } from './quota/request-rates.ts'
export { AWS_QUOTAS, type ResourceQuotas } from './quota/resource-quotas.ts'
export { createMemoryStore } from './store/memory.ts'
export { type KeyUse, isUseOf, laterOf } from './usage/key-use.ts'
export type { RecordGuard } from './store/record-guard.ts'
export { type PreparedRow, type RecordRow, nameOfRecord, prepareRow, readRow } from './store/record-rows.ts'
export { type Columns, RECORD_TABLES } from './store/record-tables.ts'
export { type RecordKind, type StoredRecords, formatRecord, parseRecord } from './store/record-text.ts'
export { type SharedDomain, createRecordGuard, joinDomain, shareDomain } from './store/domain.ts'
export { type DomainKeyRotation, type RotationProgress, rotateDomainKey } from './store/rotate-domain-key.ts'
export {
  type Change,
  type KeyName,
  type KeyringRecord,
  type Page,
  type PageRequest,
  type Store,
  materialName,
} from './store/store.ts'
export { StoreError, type StoreErrorCode } from './store/store-error.ts'
export type { PipelineStep, PipelineTrace } from './trace.ts'
export { type VirtualClock, type VirtualClockOptions, virtualClock } from './virtual-clock.ts'
