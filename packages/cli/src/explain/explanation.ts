/**
 * What `explain` has found: an operation as a list of steps, each one data.
 *
 * A secret is a field without a value: what it is and how long. Only a teaching HSM gives it one.
 */
import type { Annotation } from '@softkms/hsm'

export type ExplainedOperation = 'encrypt' | 'decrypt' | 'generate-data-key' | 're-encrypt'

/** Who does a step: whoever asks, the service, or the HSM inside it. */
export type Actor = 'caller' | 'engine' | 'hsm'

export type Field =
  | { readonly name: string; readonly value: string }
  /** Bytes that are not shown, or shown because the HSM is a teaching one. */
  | { readonly name: string; readonly secretLength: number; readonly secret?: string }

/** Bytes that play a part in a step, annotated. */
export interface AnnotatedBytes {
  readonly name: string
  /** Hexadecimal. */
  readonly hex: string
  readonly annotations: readonly Annotation[]
}

export interface ExplainedStep {
  readonly step: string
  readonly by: Actor
  /** What happens, and why. */
  readonly says: string
  /** What is checked here, and what a failure is called. */
  readonly checked?: string
  readonly fields: readonly Field[]
  readonly bytes: readonly AnnotatedBytes[]
}

export interface Explanation {
  readonly operation: ExplainedOperation
  /** Whether secrets are shown. */
  readonly isTeaching: boolean
  readonly steps: readonly ExplainedStep[]
}
