/**
 * May this caller do this to this key?
 *
 * An account's keys obey its own callers and nobody else. Policies are stored and not yet read; docs/differences.md
 * says so to those who need to know.
 *
 * @spec KMS authorization §1; wire §4 (AccessDeniedException)
 */

import { KmsError } from '../errors.ts'
import type { Scope } from '../scope.ts'

export interface AuthorizationRequest {
  /** The caller's ARN. */
  readonly principal: string
  readonly caller: Scope
  /** Such as `kms:Decrypt`. */
  readonly action: string
  /** Where the key lives. */
  readonly resource: Scope
  /** Whether the request named the key, or only the ciphertext did. */
  readonly isNamedByCiphertext: boolean
}

/** @throws KmsError `AccessDeniedException` */
export function authorize(request: AuthorizationRequest): void {
  if (request.resource.account !== request.caller.account) throw accessDenied(request)
}

/** The refusal that tells a stranger nothing: a foreign key that is not there is refused in the same words. */
export function accessDenied(
  request: Pick<AuthorizationRequest, 'principal' | 'action' | 'isNamedByCiphertext'>,
): KmsError {
  const resource = request.isNamedByCiphertext ? 'the resource associated with this ciphertext' : 'this resource'
  return new KmsError(
    'AccessDeniedException',
    `User: ${request.principal} is not authorized to perform: ${request.action} on ${resource} because the resource ` +
      'does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access',
  )
}
