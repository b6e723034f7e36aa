/** GetKeyPolicy: the policy as it was stored. @spec KMS operations, GetKeyPolicy */

import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import { POLICY_NAME, assertPolicyName } from '../policy/document.ts'

export const getKeyPolicy: Operation<'GetKeyPolicy', { key: Target }> = {
  name: 'GetKeyPolicy',
  quota: 'getKeyState',
  isReadOnly: true,
  audited: ['KeyId', 'PolicyName'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, input) {
    assertPolicyName(input.PolicyName)
    return { Policy: targets.key.key.policy, PolicyName: POLICY_NAME }
  },
}
