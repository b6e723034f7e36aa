export { isControlToken } from './control/bearer-token.ts'
export type { ControlOptions } from './control/control.ts'
export {
  type CredentialEntry,
  type Credentials,
  type KnownCredential,
  type MemoryCredentials,
  createCredentials,
} from './credentials/credentials.ts'
export { CredentialsFileError, parseCredentialsFile } from './credentials/credentials-file.ts'
export { createFetchHandler } from './fetch-handler.ts'
export type { HandlerOptions } from './handler.ts'
export type { GuardOptions } from './middleware/guard.ts'
export { isHostName } from './middleware/host.ts'
export { isWebOrigin } from './middleware/origin.ts'
export { type Gauge, type Metrics, createMetrics } from './observe/metrics.ts'
export type { RequestObserver, RequestReport } from './observe/request-report.ts'
export type { InternalErrorListener, OperationHandlerOptions } from './protocol/operation-request.ts'
export type { SigV4Options } from './protocol/sigv4/verify.ts'
export {
  requestHandler,
  type RequestHandlerOptions,
  type SdkAbortSignal,
  type SdkHandlerOptions,
  type SdkHttpRequest,
  type SdkHttpResponse,
  type SdkRequestHandler,
} from './request-handler.ts'
