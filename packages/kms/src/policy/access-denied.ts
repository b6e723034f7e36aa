/**
 * Refusals in AWS's words: as much as AWS says, and no more.
 *
 * @spec wire §4 (AccessDeniedException); IAM troubleshooting access denied messages
 */

import { KmsError } from '../errors.ts'
import type { Refusal } from './decision.ts'
import { type PolicyKind, withArticle } from './statement.ts'

export interface DeniedRequest {
  /** The caller's ARN. */
  readonly principal: string
  /** Such as `kms:Decrypt`. */
  readonly action: string
  /** An ARN or `*`; left out where AWS says nothing of a resource. */
  readonly resource?: string | undefined
  /** Whether the request left it to the ciphertext to name the key. */
  readonly isNamedByCiphertext: boolean
  /** Whether the key is of another account. */
  readonly isForeign: boolean
}

export function accessDenied(request: DeniedRequest, refusal: Refusal): KmsError {
  return new KmsError('AccessDeniedException', describeRefusal(request, refusal))
}

/** What is said of a key that a stranger may not know of: the same whether it exists or not. */
export function hiddenKey(request: Pick<DeniedRequest, 'principal' | 'action' | 'isNamedByCiphertext'>): KmsError {
  return accessDenied({ ...request, isForeign: true }, { type: 'foreign' })
}

export function describeRefusal(request: DeniedRequest, refusal: Refusal): string {
  const { principal, action, isForeign, isNamedByCiphertext } = request
  const beginning = `User: ${principal} is not authorized to perform: ${action}`
  if (refusal.type === 'foreign' || (isForeign && isOfKeySide(refusal.kind))) {
    const resource = isNamedByCiphertext ? 'the resource associated with this ciphertext' : 'this resource'
    return (
      `${beginning} on ${resource} because the resource does not exist in this Region, no resource-based policies ` +
      'allow access, or a resource-based policy explicitly denies access'
    )
  }
  const { type, kind } = refusal
  const on = describeResource(request)
  return type === 'explicit'
    ? `${beginning}${on} with an explicit deny in ${withArticle(kind)}`
    : `${beginning}${on} because no ${kind} allows the ${action} action`
}

function describeResource({ resource, isNamedByCiphertext }: DeniedRequest): string {
  if (isNamedByCiphertext) return ' on the resource associated with this ciphertext'
  return resource === undefined ? '' : ` on resource: ${resource}`
}

function isOfKeySide(kind: PolicyKind): boolean {
  return kind === 'resource-based policy' || kind === 'resource control policy'
}
