/**
 * DescribeKey: a key's metadata. Asked for the alias of an AWS managed key that is not there yet, it makes it.
 *
 * @spec KMS operations, DescribeKey; authorization §7
 */

import { type AwsService, serviceOfAlias } from '../aws-service/service-table.ts'
import { formatKeyMetadata } from '../key/key-metadata.ts'
import { parseKeyReference } from '../key/key-id.ts'
import { resolveKey } from '../key/resolve.ts'
import { takeManagedKey } from '../managed/managed-key.ts'
import type { Operation, OperationContext, Target } from '../operation.ts'
import { isSameScope } from '../scope.ts'

export const describeKey: Operation<'DescribeKey', { key: Target }> = {
  name: 'DescribeKey',
  quota: 'describe',
  isReadOnly: true,
  audited: ['KeyId'],
  targets: {
    key: {
      async resolve({ KeyId }, context, action) {
        const service = managedServiceOf(KeyId, context)
        const managed = service && (await takeManagedKey(service, context))
        return { key: managed ?? (await resolveKey(KeyId, 'any', context, action)) }
      },
    },
  },

  async perform({ targets }) {
    return { KeyMetadata: formatKeyMetadata(targets.key.key) }
  },
}

/** Only the caller's own account has one that could be made for it. */
function managedServiceOf(text: string, { scope }: OperationContext): AwsService | undefined {
  const reference = parseKeyReference(text)
  if (reference.type !== 'alias' || !isSameScope(reference.scope ?? scope, scope)) return undefined
  return serviceOfAlias(reference.aliasName)
}
