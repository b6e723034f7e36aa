/**
 * What a request asks leave for, and the engine's answer to one request.
 *
 * Handlers and resolvers see this; `authorize.ts` makes it.
 */

import type { CallingService } from '../aws-service/calling-service.ts'
import type { GrantRecord } from '../grant/grant.ts'
import type { KeyFacts } from './request-facts.ts'

/** Whether policies decide, are only asked and recorded, or are not asked at all. */
export type AuthorizationMode = 'enforce' | 'audit' | 'off'

/** One thing that the caller must be allowed to do. */
export type AccessQuestion = {
  /** Such as `kms:Decrypt`. */
  readonly action: string
} & (
  | {
      readonly about: 'key'
      readonly key: KeyFacts
      readonly isNamedByCiphertext?: boolean
      /** The grant that is to be retired: who may do that, the grant says and not the key's policy. */
      readonly grant?: GrantRecord | undefined
    }
  | { readonly about: 'alias'; readonly arn: string }
  | {
      /** Of an action that is about no resource that exists. */
      readonly about: 'nothing'
      readonly isResourceNamed?: false
      /** The key that would come of it, where the request does not say what it would be. */
      readonly planned?: KeyFacts
    }
)

/** Decides for one request. */
export interface Access {
  /** @throws KmsError `AccessDeniedException` */
  authorize(question: AccessQuestion): Promise<void>

  /**
   * Refuses a service an action that it has no use for, whatever policies say.
   *
   * @throws KmsError `AccessDeniedException`
   */
  refuseTo(calling: CallingService, action: string): void

  /**
   * Asks whether the caller could still replace the policy of `key`, which carries the new one.
   *
   * @throws KmsError `MalformedPolicyDocumentException`
   * @spec KMS authorization §3
   */
  assertNotLockedOut(key: KeyFacts): Promise<void>
}
