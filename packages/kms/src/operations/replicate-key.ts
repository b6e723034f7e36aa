/** ReplicateKey: the same key in another Region. @spec KMS crypto-details §10; operations, ReplicateKey */

import { beginReplica, findVersion, isReplica, materialIdsOf, regionsOf } from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import { changeLife } from '../key/change-life.ts'
import { formatKeyArn } from '../key/key-id.ts'
import { formatKeyMetadata } from '../key/key-metadata.ts'
import type { KeyRecord, MaterialRecord } from '../key/key.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, OperationContext, Target } from '../operation.ts'
import { formatDefaultPolicy, parsePolicy } from '../policy/document.ts'
import { assertRoomForKey } from '../quota/resource-quotas.ts'
import { partitionOf } from '../scope.ts'
import type { ValidInput } from '../shape/valid.ts'
import type { Change, Store } from '../store/store.ts'
import { parseTags } from '../tag/tags.ts'

export const replicateKey: Operation<'ReplicateKey', { key: Target }> = {
  name: 'ReplicateKey',
  quota: 'change',
  isReadOnly: false,
  audited: ['BypassPolicyLockoutSafetyCheck', 'Description', 'KeyId', 'Policy', 'ReplicaRegion', 'Tags'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  check(input) {
    if (input.Policy !== undefined) parsePolicy(input.Policy)
    parseTags(input.Tags ?? [])
  },

  // The replica is a new key in its own Region.
  asks: async (input, context, { key: { key } }) => [
    { action: 'kms:CreateKey', about: 'nothing', planned: planReplica(key, input, context) },
    ...((input.Tags ?? []).length === 0
      ? []
      : [{ action: 'kms:TagResource', about: 'nothing', isResourceNamed: false } as const]),
  ],

  async perform({ targets }, input, context) {
    const { key } = targets.key
    const { access, now, store, keysPerRegion } = context
    const region = input.ReplicaRegion
    assertSamePartition(key, region)
    const planned = planReplica(key, input, context)
    await access.assertNotLockedOut(planned)
    const primary = await changeLife(context, key, (newest) => {
      assertFree(newest, region)
      return {
        command: { type: 'AddReplica', region },
        now,
        async besides(next) {
          await assertRoomForKey(store, planned, keysPerRegion)
          const limit: Change = { type: 'LimitKeys', scope: { account: key.account, region }, limit: keysPerRegion }
          return [limit, ...(await putReplica(store, planReplica(next, input, context), next))]
        },
      }
    })
    return {
      ReplicaKeyMetadata: formatKeyMetadata(planReplica(primary, input, context)),
      ReplicaPolicy: planned.policy,
      ...(input.Tags === undefined ? {} : { ReplicaTags: [...input.Tags] }),
    }
  },
}

/** The replica as it begins, of a primary key at a point of its life. */
function planReplica(
  primary: KeyRecord,
  { ReplicaRegion: region, Policy, Description = '', Tags = [] }: ValidInput<'ReplicateKey'>,
  { now, replicationMs }: OperationContext,
): KeyRecord {
  const scope = { account: primary.account, region }
  return {
    ...primary,
    ...scope,
    version: 1,
    createdAt: now,
    description: Description,
    life: beginReplica(primary.life, region, now + replicationMs),
    policy: Policy ?? formatDefaultPolicy(scope),
    tags: parseTags(Tags),
  }
}

function assertSamePartition({ region: own }: KeyRecord, region: string): void {
  if (partitionOf(own) === partitionOf(region)) return
  throw new KmsError('ValidationException', `ReplicaRegion ${region} is not in the same partition as ${own}.`)
}

function assertFree({ account, keyId, life }: KeyRecord, region: string): void {
  const { multiRegion } = life
  if (multiRegion === undefined || isReplica(life) || !regionsOf(multiRegion).includes(region)) return
  throw new KmsError('AlreadyExistsException', `Key '${formatKeyArn({ account, region }, keyId)}' already exists`)
}

/** The replica with whatever material comes along: what the HSM generated does, what was imported does not. */
async function putReplica(store: Store, replica: KeyRecord, primary: KeyRecord): Promise<readonly Change[]> {
  const materials = await Promise.all(
    materialIdsOf(replica.life).map(async (materialId): Promise<MaterialRecord> => {
      const { account, region, keyId } = replica
      const record = await store.getMaterial(primary.region, materialId)
      const isThere = findVersion(replica.life, materialId)?.material.type !== 'Missing'
      return record !== undefined && isThere ? { ...record, region } : { account, region, keyId, materialId }
    }),
  )
  return [{ type: 'PutKey', key: replica }, ...materials.map((material): Change => ({ type: 'AddMaterial', material }))]
}
