import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import type { World } from '../world.ts'
import { createKey } from './scenes.ts'

const PrimaryRegion = 'us-west-2'

/** @returns the id of a key that has a replica there */
async function createReplicated({ setup }: World): Promise<string> {
  const KeyId = await createKey(setup, { MultiRegion: true })
  await setup.replicateKey({ KeyId, ReplicaRegion: PrimaryRegion })
  // The replica is ready with the next request.
  await setup.describeKey({ KeyId })
  return KeyId
}

export const updatePrimaryRegion: Contract<'UpdatePrimaryRegion'> = {
  operation: 'UpdatePrimaryRegion',
  request: async (world) => ({ KeyId: await createReplicated(world), PrimaryRegion }),

  members: {
    PrimaryRegion: {
      does: 'is where the primary key is from now on',
      async test(world) {
        const KeyId = await createReplicated(world)
        await world.kms.updatePrimaryRegion({ KeyId, PrimaryRegion })
        const { KeyMetadata } = await world.setup.describeKey({ KeyId })
        expect(KeyMetadata?.MultiRegionConfiguration?.PrimaryKey?.Region).toBe(PrimaryRegion)
      },
    },
  },

  errors: {
    NotFoundException: {
      when: 'there is no replica in the Region',
      async provoke(world) {
        const KeyId = await createReplicated(world)
        const message = `Key '${arnOf(KeyId, 'sa-east-1')}' does not exist`
        return { input: { KeyId, PrimaryRegion: 'sa-east-1' }, message }
      },
    },
    UnsupportedOperationException: {
      when: 'the key is of one Region',
      async provoke({ setup }) {
        const KeyId = await createKey(setup)
        return { input: { KeyId, PrimaryRegion }, message: `${arnOf(KeyId)} is not a multi-region primary key.` }
      },
    },
  },
}
