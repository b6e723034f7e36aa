export { HsmError, type HsmStep } from '@softkms/hsm'
export {
  type AuditEntry,
  type AuditSink,
  type Caller,
  type AuthorizationMode,
  type Clock,
  type Explanation,
  type IdentityPolicies,
  KmsError,
  type KmsErrorCode,
  type KmsService,
  type PipelineStep,
  createIdentityPolicies,
  createMemoryAudit,
  formatExplanation,
  createMemoryStore,
  systemClock,
  type VirtualClock,
  type VirtualClockOptions,
  virtualClock,
} from '@softkms/kms'
export {
  type CredentialEntry,
  type Credentials,
  createCredentials,
  createFetchHandler,
  requestHandler,
} from '@softkms/server'
export type { CallerOptions, ServiceOptions } from './caller.ts'
export type { Kms, RequestOptions, ServiceKms } from './client.ts'
export { type CreateKmsOptions, createKms } from './create-kms.ts'
