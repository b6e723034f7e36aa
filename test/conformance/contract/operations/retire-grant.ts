import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import { UNKNOWN_GRANT, createGrantOn, createGranted, grantIdsOn } from './grants.ts'
import { createKey } from './scenes.ts'

const NOT_ONE_NAMED = 'You must specify either a grant token, or a key ID and a grant ID.'

export const retireGrant: Contract<'RetireGrant'> = {
  operation: 'RetireGrant',
  async request({ setup }) {
    const { KeyId, GrantId } = await createGranted(setup)
    return { KeyId, GrantId }
  },

  members: {
    GrantToken: {
      does: 'names the grant that ends',
      async test({ kms, setup }) {
        const { KeyId, GrantToken } = await createGranted(setup)
        const staying = await createGrantOn(setup, KeyId)
        await kms.retireGrant({ GrantToken })
        expect(await grantIdsOn(setup, KeyId)).toEqual([staying.GrantId])
      },
    },
    GrantId: {
      does: 'names the grant that ends',
      async test({ kms, setup }) {
        const { KeyId, GrantId } = await createGranted(setup)
        const staying = await createGrantOn(setup, KeyId)
        await kms.retireGrant({ KeyId: arnOf(KeyId), GrantId })
        expect(await grantIdsOn(setup, KeyId)).toEqual([staying.GrantId])
      },
    },
  },

  errors: {
    InvalidGrantIdException: {
      when: 'the grant id is none',
      provoke: async ({ setup }) => ({
        input: { KeyId: arnOf(await createKey(setup)), GrantId: 'none' },
        message: "Invalid grant ID 'none'",
      }),
    },
    InvalidGrantTokenException: [
      {
        when: 'the grant token is none',
        provoke: async () => ({ input: { GrantToken: 'none' }, message: 'The grant token is not valid.' }),
      },
      {
        when: 'the grant token is of another Region',
        async provoke({ setup }) {
          const { GrantToken } = await createGranted(setup.inRegion('us-west-2'))
          return { input: { GrantToken }, message: 'The grant token is not valid.' }
        },
      },
    ],
    NotFoundException: [
      {
        when: 'there is no such grant',
        provoke: async ({ setup }) => ({
          input: { KeyId: arnOf(await createKey(setup)), GrantId: UNKNOWN_GRANT },
          message: `Grant ID ${UNKNOWN_GRANT} not found`,
        }),
      },
      {
        when: 'the grant has ended',
        async provoke({ setup }) {
          const { KeyId, GrantId, GrantToken } = await createGranted(setup)
          await setup.revokeGrant({ KeyId, GrantId })
          return { input: { GrantToken }, message: `Grant ID ${GrantId} not found` }
        },
      },
    ],
    ValidationException: [
      { when: 'no grant is named', provoke: async () => ({ input: {}, message: NOT_ONE_NAMED }) },
      {
        when: 'the grant is named twice',
        provoke: async ({ setup }) => ({ input: await createGranted(setup), message: NOT_ONE_NAMED }),
      },
    ],
  },
}
