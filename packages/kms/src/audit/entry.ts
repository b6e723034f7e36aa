/** From a request, and how far it came, to what is recorded of it. */

import { arnOf } from '../key/key.ts'
import type { AnyOperation } from '../operation.ts'
import type { Members, Progress, Request } from '../request.ts'
import type { AuditEntry } from './audit.ts'

export function createEntry(
  { operation, input, context, names }: Request,
  { isValid, targets, denials }: Progress,
  errorCode: AuditEntry['errorCode'],
): AuditEntry {
  const grant = Object.values(targets).find((target) => target.grant !== undefined)?.grant
  return {
    eventId: names.eventId,
    time: context.now,
    requestId: names.requestId,
    operation: operation.name,
    ...context.scope,
    principal: context.principal,
    ...(context.calling === undefined ? {} : { invokedBy: context.calling.principal }),
    isReadOnly: operation.isReadOnly,
    keys: Object.values(targets).map(({ key }) => arnOf(key)),
    // What did not pass validation may be anything, and a plaintext in the wrong place too.
    request: isValid ? recordedMembers(operation, input) : {},
    ...(grant === undefined ? {} : { grantId: grant.grantId }),
    ...(denials.length === 0 ? {} : { denials }),
    ...(errorCode === undefined ? {} : { errorCode }),
  }
}

function recordedMembers({ audited }: AnyOperation, input: Members): Members {
  const members = audited.filter((member) => input[member] !== undefined)
  return Object.fromEntries(members.map((member) => [member, input[member]]))
}
