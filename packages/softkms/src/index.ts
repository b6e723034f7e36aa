export { HsmError, type HsmStep } from '@softkms/hsm'
export {
  type AuditEntry,
  type AuditSink,
  type Caller,
  type Clock,
  KmsError,
  type KmsErrorCode,
  type KmsService,
  type PipelineStep,
  createMemoryAudit,
  createMemoryStore,
  systemClock,
  type VirtualClock,
  type VirtualClockOptions,
  virtualClock,
} from '@softkms/kms'
export { createFetchHandler, requestHandler } from '@softkms/server'
export type { Kms, RequestOptions } from './client.ts'
export { type CreateKmsOptions, createKms } from './create-kms.ts'
