/**
 * From the identifier in a request to the key that it names.
 *
 * @spec KMS operations, "Which key identifiers an operation accepts"; wire §4
 */

import { serviceOfAlias } from '../aws-service/service-table.ts'
import { KmsError } from '../errors.ts'
import { takeManagedKey } from '../managed/managed-key.ts'
import type { OperationContext, Target, TargetRule } from '../operation.ts'
import { hiddenKey } from '../policy/access-denied.ts'
import { type Scope, isSameScope } from '../scope.ts'
import type { KeyRecord } from './key.ts'
import { type KeyReference, formatAliasArn, formatKeyArn, parseKeyReference } from './key-id.ts'

/** Which forms an operation takes: all four, or key id and key ARN. */
export type AcceptedForms = 'any' | 'key-only'

/**
 * Finds the key that `text` names.
 *
 * @throws KmsError `NotFoundException` when there is none, `InvalidArnException` for a malformed ARN or an alias where
 * none is taken, `AccessDeniedException` when another account would have to be told whether it exists
 */
export async function resolveKey(
  text: string,
  forms: AcceptedForms,
  context: OperationContext,
  action: string,
): Promise<KeyRecord> {
  const reference = parseKeyReference(text)
  if (reference.type === 'alias' && forms === 'key-only') {
    throw new KmsError('InvalidArnException', 'Key Aliases are not supported for this operation.')
  }
  const scope = reference.scope ?? context.scope
  if (scope.region !== context.scope.region) throw new KmsError('NotFoundException', `Invalid arn ${scope.region}`)

  const key = (await findKey(reference, scope, context)) ?? (await makeKeyOfService(reference, scope, context))
  if (key !== undefined) return key
  if (!isSameScope(scope, context.scope)) {
    throw hiddenKey({ principal: context.principal, action, isNamedByCiphertext: false })
  }
  throw new KmsError('NotFoundException', notFoundMessage(reference, scope))
}

/** The usual rule of an operation on one key: the member that names it, and the forms that it takes. */
export function keyNamedBy<Name extends string>(
  member: Name,
  forms: AcceptedForms,
  rest: Pick<TargetRule<unknown, Target>, 'action' | 'usage'> = {},
): TargetRule<Readonly<Record<Name, string>>, Target> {
  return {
    ...rest,
    async resolve(input, context, action) {
      return { key: await resolveKey(input[member], forms, context, action) }
    },
  }
}

async function findKey(
  reference: KeyReference,
  scope: Scope,
  { store }: OperationContext,
): Promise<KeyRecord | undefined> {
  if (reference.type === 'key') return store.getKey(scope, reference.keyId)
  const alias = await store.getAlias(scope, reference.aliasName)
  return alias && store.getKey(scope, alias.targetKeyId)
}

/** The AWS managed key of the service that calls is made when it first uses it, for the account for which it calls. */
async function makeKeyOfService(
  reference: KeyReference,
  scope: Scope,
  context: OperationContext,
): Promise<KeyRecord | undefined> {
  if (context.calling?.isForwarding !== true || reference.type !== 'alias') return undefined
  const service = serviceOfAlias(reference.aliasName)
  if (service !== context.calling.service || !isSameScope(scope, context.scope)) return undefined
  return takeManagedKey(service, context)
}

function notFoundMessage(reference: KeyReference, scope: Scope): string {
  return reference.type === 'key'
    ? `Key '${formatKeyArn(scope, reference.keyId)}' does not exist`
    : `Alias ${formatAliasArn(scope, reference.aliasName)} is not found.`
}
