/** UpdatePrimaryRegion: a replica becomes the primary, and the primary a replica. @spec KMS crypto-details §10 */

import { isReplica } from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import { changeLife } from '../key/change-life.ts'
import { formatKeyArn, parseKeyReference } from '../key/key-id.ts'
import { type KeyRecord, arnOf } from '../key/key.ts'
import { refusalOf } from '../key/permit-state.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const updatePrimaryRegion: Operation<'UpdatePrimaryRegion', { key: Target }> = {
  name: 'UpdatePrimaryRegion',
  quota: 'change',
  isReadOnly: false,
  audited: ['KeyId', 'PrimaryRegion'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async asks({ KeyId, PrimaryRegion: region }, { scope, store }) {
    const reference = parseKeyReference(KeyId)
    const replica =
      reference.type === 'key' ? await store.getKey({ account: scope.account, region }, reference.keyId) : undefined
    // One that is not there is refused for that, once the primary key has been found fit.
    return replica === undefined ? [] : [{ action: 'kms:UpdatePrimaryRegion', about: 'key', key: replica }]
  },

  async perform({ targets }, { PrimaryRegion: primaryRegion }, context) {
    const { now, replicationMs } = context
    const command = { type: 'UpdatePrimary', primaryRegion, until: now + replicationMs } as const
    await changeLife(context, targets.key.key, (newest) => {
      // The life takes this command from both keys; a request names the primary alone.
      if (isReplica(newest.life)) throw refusalOf(newest, 'NotPrimary')
      assertReplicaIn(newest, primaryRegion)
      return { command, now, peers: { [primaryRegion]: command } }
    })
    return {}
  },
}

function assertReplicaIn(key: KeyRecord, region: string): void {
  const { account, keyId, life } = key
  const { multiRegion } = life
  if (multiRegion === undefined || multiRegion.replicaRegions.includes(region)) return
  if (region === multiRegion.primaryRegion) {
    throw new KmsError('UnsupportedOperationException', `${arnOf(key)} is not a multi-region replica key.`)
  }
  throw new KmsError('NotFoundException', `Key '${formatKeyArn({ account, region }, keyId)}' does not exist`)
}
