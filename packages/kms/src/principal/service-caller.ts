/** Members that only a service's own requests may have. @spec KMS operations, ListGrants, ListRetirableGrants */

import { KmsError } from '../errors.ts'
import { isServiceName } from './principal.ts'

/**
 * @param principal the caller's ARN, or a service's name
 * @throws KmsError `ValidationException`
 */
export function assertServiceCalls(principal: string, member: string): void {
  if (isServiceName(principal)) return
  throw new KmsError('ValidationException', `${member} is only valid in requests of AWS services.`)
}
