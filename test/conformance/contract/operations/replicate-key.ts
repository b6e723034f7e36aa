import type { ReplicateKeyRequest } from '@softkms/kms'
import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import type { World } from '../world.ts'
import { errorsOfNewKeys, membersOfNewKeys } from './new-keys.ts'
import { createReplicated } from './replicas.ts'
import { createKey } from './scenes.ts'

const ReplicaRegion = 'us-west-2'

async function requestReplica({ setup }: World, rest: object): Promise<ReplicateKeyRequest> {
  return { KeyId: await createKey(setup, { MultiRegion: true }), ReplicaRegion, ...rest }
}

const { policyTooLong, malformedPolicy, tags } = errorsOfNewKeys(requestReplica)

export const replicateKey: Contract<'ReplicateKey'> = {
  operation: 'ReplicateKey',
  request: (world) => requestReplica(world, {}),

  members: {
    ...membersOfNewKeys(async (world, rest) => {
      const request = await requestReplica(world, rest)
      await world.kms.replicateKey(request as Parameters<typeof world.kms.replicateKey>[0])
      return { there: world.setup.inRegion(ReplicaRegion), KeyId: request.KeyId ?? '' }
    }),
    ReplicaRegion: {
      does: 'is where the replica is',
      async test({ kms, setup }) {
        const KeyId = await createKey(setup, { MultiRegion: true })
        const { ReplicaKeyMetadata } = await kms.replicateKey({ KeyId, ReplicaRegion })
        expect(ReplicaKeyMetadata?.Arn).toBe(arnOf(KeyId, ReplicaRegion))
      },
    },
  },

  errors: {
    AlreadyExistsException: {
      when: 'the Region has the key',
      async provoke(world) {
        const input = await requestReplica(world, {})
        await world.setup.replicateKey(input)
        return { input, message: `Key '${arnOf(input.KeyId, ReplicaRegion)}' already exists` }
      },
    },
    LimitExceededException: [
      policyTooLong,
      {
        when: 'the account has as many keys there as it may have',
        options: { keysPerRegion: 1 },
        async provoke(world) {
          await createKey(world.setup.inRegion(ReplicaRegion))
          return {
            input: await requestReplica(world, {}),
            message: 'Key quota for this account in this region is 1 but the current usage is 1.',
          }
        },
      },
    ],
    MalformedPolicyDocumentException: malformedPolicy,
    TagException: tags,
    KMSInvalidStateException: {
      when: 'its Region changes',
      options: { replicationMs: 60_000 },
      async provoke({ setup, clock }) {
        const KeyId = await createKey(setup, { MultiRegion: true })
        await setup.replicateKey({ KeyId, ReplicaRegion })
        clock.advance(60_000)
        await setup.updatePrimaryRegion({ KeyId, PrimaryRegion: ReplicaRegion })
        return { input: { KeyId, ReplicaRegion: 'sa-east-1' }, message: `${arnOf(KeyId)} is updating.` }
      },
    },
    UnsupportedOperationException: [
      {
        when: 'the key is of one Region',
        async provoke({ setup }) {
          const KeyId = await createKey(setup)
          return { input: { KeyId, ReplicaRegion }, message: `${arnOf(KeyId)} is not a multi-region primary key.` }
        },
      },
      {
        when: 'the key is a replica',
        async provoke({ setup, sdkFor }) {
          const KeyId = await createReplicated(setup, ReplicaRegion)
          return {
            input: { KeyId, ReplicaRegion: 'sa-east-1' },
            by: sdkFor(setup.inRegion(ReplicaRegion), ReplicaRegion),
            message: `${arnOf(KeyId, ReplicaRegion)} is not a multi-region primary key.`,
          }
        },
      },
    ],
    ValidationException: {
      when: 'the Region is of another partition',
      provoke: async (world) => ({
        input: await requestReplica(world, { ReplicaRegion: 'cn-north-1' }),
        message: 'ReplicaRegion cn-north-1 is not in the same partition as eu-north-1.',
      }),
    },
  },
}
