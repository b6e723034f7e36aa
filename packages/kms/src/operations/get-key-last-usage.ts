/** GetKeyLastUsage: when a key was last used, and for what. @spec KMS operations, GetKeyLastUsage; wire §5 */

import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const getKeyLastUsage: Operation<'GetKeyLastUsage', { key: Target }> = {
  name: 'GetKeyLastUsage',
  quota: 'getKeyState',
  isReadOnly: true,
  audited: ['KeyId'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, _input, { uses }) {
    const { key } = targets.key
    const use = await uses.lastUse(key)
    return {
      KeyId: key.keyId,
      KeyLastUsage:
        use === undefined
          ? {}
          : {
              Operation: use.operation,
              Timestamp: new Date(use.at),
              CloudTrailEventId: use.eventId,
              KmsRequestId: use.requestId,
            },
      // Every key has been watched since it was made.
      TrackingStartDate: new Date(key.createdAt),
      KeyCreationDate: new Date(key.createdAt),
    }
  },
}
