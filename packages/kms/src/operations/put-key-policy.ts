/** PutKeyPolicy: replaces the key policy. @spec KMS operations, PutKeyPolicy */

import { keyNamedBy } from '../key/resolve.ts'
import { updateKey } from '../key/update-key.ts'
import type { Operation, Target } from '../operation.ts'
import { assertPolicyName, parsePolicy } from '../policy/document.ts'

export const putKeyPolicy: Operation<'PutKeyPolicy', { key: Target }> = {
  name: 'PutKeyPolicy',
  quota: 'manage',
  isReadOnly: false,
  audited: ['KeyId', 'PolicyName', 'Policy', 'BypassPolicyLockoutSafetyCheck'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  check(input) {
    parsePolicy(input.Policy)
  },

  async perform({ targets }, input, { access, store }) {
    assertPolicyName(input.PolicyName)
    const policy = parsePolicy(input.Policy)
    await access.assertNotLockedOut({ ...targets.key.key, policy })
    await updateKey(store, targets.key.key, (key) => ({ ...key, policy }))
    return {}
  },
}
