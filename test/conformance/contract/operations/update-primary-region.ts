import { expect } from 'vitest'
import { ACCOUNT } from '../../../support/kms-fixture.ts'
import { allow, deny, policyOf } from '../../../support/policy-scene.ts'
import type { Contract } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import { REGION } from '../world.ts'
import { createReplicated } from './replicas.ts'
import { createKey } from './scenes.ts'

const PrimaryRegion = 'us-west-2'

/** Lets the account do all but this. */
const KEEPING = policyOf(
  allow({ Principal: { AWS: ACCOUNT } }),
  deny({ Principal: { AWS: ACCOUNT }, Action: 'kms:UpdatePrimaryRegion' }),
)

export const updatePrimaryRegion: Contract<'UpdatePrimaryRegion'> = {
  operation: 'UpdatePrimaryRegion',
  request: async ({ setup }) => ({ KeyId: await createReplicated(setup, PrimaryRegion), PrimaryRegion }),

  members: {
    PrimaryRegion: {
      does: 'is where the primary key is from now on',
      async test({ kms, setup }) {
        const KeyId = await createReplicated(setup, 'sa-east-1')
        await setup.replicateKey({ KeyId, ReplicaRegion: PrimaryRegion })
        await kms.updatePrimaryRegion({ KeyId, PrimaryRegion })
        const { KeyMetadata } = await setup.describeKey({ KeyId })
        expect(KeyMetadata?.MultiRegionConfiguration?.PrimaryKey?.Region).toBe(PrimaryRegion)
      },
    },
  },

  errors: {
    AccessDeniedException: {
      when: 'the policy of the replica does not let it',
      async provoke({ setup, sdkFor }) {
        const KeyId = await createReplicated(setup, PrimaryRegion)
        const ROOT = `arn:aws:iam::${ACCOUNT}:root`
        await setup.inRegion(PrimaryRegion).putKeyPolicy({ KeyId, Policy: KEEPING })
        return {
          input: { KeyId, PrimaryRegion },
          by: sdkFor(setup.as(ROOT)),
          message:
            `User: ${ROOT} is not authorized to perform: kms:UpdatePrimaryRegion on resource: ` +
            `${arnOf(KeyId, PrimaryRegion)} with an explicit deny in a resource-based policy`,
        }
      },
    },
    DisabledException: {
      when: 'the replica is disabled',
      async provoke({ setup }) {
        const KeyId = await createReplicated(setup, PrimaryRegion)
        await setup.inRegion(PrimaryRegion).disableKey({ KeyId })
        return { input: { KeyId, PrimaryRegion }, message: `${arnOf(KeyId, PrimaryRegion)} is disabled.` }
      },
    },
    NotFoundException: {
      when: 'there is no replica in the Region',
      async provoke({ setup }) {
        const KeyId = await createReplicated(setup, PrimaryRegion)
        const message = `Key '${arnOf(KeyId, 'sa-east-1')}' does not exist`
        return { input: { KeyId, PrimaryRegion: 'sa-east-1' }, message }
      },
    },
    UnsupportedOperationException: [
      {
        when: 'the key is of one Region',
        async provoke({ setup }) {
          const KeyId = await createKey(setup)
          return { input: { KeyId, PrimaryRegion }, message: `${arnOf(KeyId)} is not a multi-region primary key.` }
        },
      },
      {
        when: 'the primary key is in the Region already',
        async provoke({ setup }) {
          const KeyId = await createReplicated(setup, PrimaryRegion)
          const message = `${arnOf(KeyId)} is not a multi-region replica key.`
          return { input: { KeyId, PrimaryRegion: REGION }, message }
        },
      },
      {
        when: 'the key is a replica',
        async provoke({ setup, sdkFor }) {
          const KeyId = await createReplicated(setup, PrimaryRegion)
          return {
            input: { KeyId, PrimaryRegion },
            by: sdkFor(setup.inRegion(PrimaryRegion), PrimaryRegion),
            message: `${arnOf(KeyId, PrimaryRegion)} is not a multi-region primary key.`,
          }
        },
      },
    ],
  },
}
