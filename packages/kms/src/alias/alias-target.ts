/** The key that an alias is to point to: named by id or ARN, never by another alias. @spec wire §4 */

import { KmsError } from '../errors.ts'
import { parseKeyReference } from '../key/key-id.ts'
import { resolveKey } from '../key/resolve.ts'
import type { Target, TargetRule } from '../operation.ts'

export const targetOfAlias: TargetRule<{ readonly TargetKeyId: string }, Target> = {
  async resolve({ TargetKeyId }, context, action) {
    if (parseKeyReference(TargetKeyId).type === 'alias') {
      throw new KmsError('ValidationException', 'Aliases must refer to keys. Not aliases')
    }
    return { key: await resolveKey(TargetKeyId, 'key-only', context, action) }
  },
}
