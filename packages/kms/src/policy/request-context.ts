/** What a decision is about: who asks, for which action, on what, and whatever conditions may ask besides. */

import type { Principal } from '../principal/principal.ts'

/** Of one key, by its name in lower case: no value at all is `undefined`, never an empty list. */
export type ConditionValues = (key: string) => readonly string[] | undefined

export interface RequestContext {
  readonly principal: Principal
  /** Such as `kms:Decrypt`. */
  readonly action: string
  /** An ARN, or `*` for an action that is about no resource. */
  readonly resource: string
  readonly valuesOf: ConditionValues
}
