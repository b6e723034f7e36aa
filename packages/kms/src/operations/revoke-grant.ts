/** RevokeGrant: ends a grant, by whoever the key's policy lets. @spec KMS operations, RevokeGrant */

import { endGrant } from '../grant/end-grant.ts'
import { grantNotFound, parseGrantId } from '../grant/grant.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const revokeGrant: Operation<'RevokeGrant', { key: Target }> = {
  name: 'RevokeGrant',
  quota: 'grant',
  isReadOnly: false,
  audited: ['GrantId', 'KeyId'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  check({ GrantId }) {
    parseGrantId(GrantId)
  },

  async perform({ targets }, input, { store }) {
    const grantId = parseGrantId(input.GrantId)
    const grant = await store.getGrant(targets.key.key, grantId)
    if (grant === undefined) throw grantNotFound(grantId)
    if (input.DryRun !== true) await endGrant(store, grant)
    return {}
  },
}
