/** A request on its way through the pipeline, and how far it has come. */

import type { GrantId } from './grant/grant.ts'
import type { AnyOperation, OperationContext, Targets } from './operation.ts'
import type { RequestNames } from './request-names.ts'
import type { AbortSignalLike } from './service.ts'
import type { PipelineTrace } from './trace.ts'

/** A request's members by name: the model's, and valid once `validateInput` has seen them. */
export type Members = Readonly<Record<string, unknown>>

export interface Request {
  readonly operation: AnyOperation
  readonly input: Members
  readonly context: OperationContext
  /** Ids of the grants whose tokens the request brings, once they have been looked at. */
  readonly presentedGrants: Set<GrantId>
  readonly names: RequestNames
  readonly signal: AbortSignalLike | undefined
  readonly trace: PipelineTrace | undefined
}

/** How far a request has come. */
export interface Progress {
  isValid: boolean
  isAborted: boolean
  /** What would have been refused, had authorization been enforced; the words of the refusals. */
  readonly denials: string[]
  /** The keys that it is about, as far as they are known. */
  targets: Targets
}
