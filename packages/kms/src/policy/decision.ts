/** The outcome of an authorization, with its reason as a value. */

import type { PolicyKind } from './statement.ts'

/** Why a request may pass. */
export type Grounds =
  /** The key policy names the caller. */
  | 'key policy'
  /** The caller's own policies allow it, and the key policy lets them decide, or no key is involved. */
  | 'identity policy'
  /** The caller is of another account, and both sides allow it. */
  | 'key policy and identity policy'
  /** A grant on the key is for the caller. */
  | 'grant'
  /** A grant on the key is for the caller's account, whose policies allow it. */
  | 'grant and identity policy'

export type Refusal =
  /** A statement says no. */
  | { readonly type: 'explicit'; readonly kind: PolicyKind }
  /** A policy of this kind would have to say yes, and none does. */
  | { readonly type: 'implicit'; readonly kind: PolicyKind }
  /** The service that calls has no use for the action; a policy of this kind, which is not to be seen, lacks it. */
  | { readonly type: 'service'; readonly kind: PolicyKind; readonly service: string }
  /** The operation is for an account's own callers, whatever policies say. */
  | { readonly type: 'foreign' }

export type Decision =
  | { readonly isAllowed: true; readonly grounds: Grounds }
  | { readonly isAllowed: false; readonly refusal: Refusal }
