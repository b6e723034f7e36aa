/**
 * What the pipeline tells of its steps to whoever traces it: what was found, asked and allowed, never what is inside.
 *
 * A trace is for looking at one request at a time; requests of several callers interleave.
 */

import type { KmsKeyUsage } from '@softkms/hsm'
import type { KeyRecord } from './key/key.ts'

export type PipelineStep =
  /** The request keeps the constraints of AWS's model. */
  | { readonly step: 'validate'; readonly operation: string }
  /** A key was found. An operation on two keys has a role for each. */
  | { readonly step: 'resolve'; readonly role: string; readonly key: KeyRecord }
  /** The caller may do this to the key. */
  | {
      readonly step: 'authorize'
      readonly role: string
      readonly key: KeyRecord
      readonly action: string
      readonly principal: string
    }
  /** The key's state and usage allow the operation. */
  | {
      readonly step: 'permit'
      readonly role: string
      readonly key: KeyRecord
      readonly usage: KmsKeyUsage | undefined
    }
  /** The permit was minted, and the operation begins. */
  | { readonly step: 'perform'; readonly operation: string }

/** Is called while a request runs. What it throws fails the request. */
export type PipelineTrace = (step: PipelineStep) => void
