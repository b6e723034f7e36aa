/** An alias: a name in an account and Region that points to a key there. */

import type { Instant } from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import { type AliasName, type KeyId, formatAliasArn, isAliasName } from '../key/key-id.ts'
import type { OperationContext } from '../operation.ts'
import type { AccessQuestion } from '../policy/access.ts'
import type { Scope } from '../scope.ts'
import type { Store } from '../store/store.ts'

export interface AliasRecord extends Scope {
  readonly aliasName: AliasName
  readonly targetKeyId: KeyId
  readonly version: number
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

const PREFIX = 'alias/'
const RESERVED_PREFIX = 'alias/aws/'

/**
 * Reads the name of an alias that a request creates, changes or deletes.
 *
 * @throws KmsError `ValidationException` without the prefix, `NotAuthorizedException` for `alias/aws/`,
 * `InvalidAliasNameException` for a name that the service refuses though the model allows it
 * @spec wire §4
 */
export function parseCustomerAliasName(text: string): AliasName {
  if (!text.startsWith(PREFIX)) {
    throw new KmsError(
      'ValidationException',
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    )
  }
  if (text.startsWith(RESERVED_PREFIX)) throw new KmsError('NotAuthorizedException')
  if (!isAliasName(text)) {
    throw new KmsError('InvalidAliasNameException', `${text} contains invalid characters for an alias`)
  }
  return text
}

/** What a change of an alias asks leave for: the alias, and the key that it points to if it is there. */
export async function asksAboutAlias(
  action: string,
  text: string,
  { scope, store }: OperationContext,
): Promise<readonly AccessQuestion[]> {
  const aliasName = parseCustomerAliasName(text)
  const alias = await store.getAlias(scope, aliasName)
  const key = alias && (await store.getKey(scope, alias.targetKeyId))
  return [
    { action, about: 'alias', arn: formatAliasArn(scope, aliasName) },
    ...(key === undefined ? [] : [{ action, about: 'key', key } as const]),
  ]
}

/** @throws KmsError `NotFoundException` */
export async function readAlias(store: Store, scope: Scope, aliasName: AliasName): Promise<AliasRecord> {
  const alias = await store.getAlias(scope, aliasName)
  if (alias !== undefined) return alias
  throw new KmsError('NotFoundException', `Alias ${formatAliasArn(scope, aliasName)} is not found.`)
}
