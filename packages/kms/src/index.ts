export { KmsError, type KmsErrorCode } from './errors.ts'
export type { AbortSignalLike, Caller, KmsService } from './service.ts'
export type { OperationShape, Shape, StructureShape } from './shape/shape.ts'
