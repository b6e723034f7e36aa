import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import { UNKNOWN_GRANT, createGranted, grantIdsOn } from './grants.ts'
import { createKey } from './scenes.ts'

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
        await kms.retireGrant({ GrantToken })
        expect(await grantIdsOn(setup, KeyId)).toEqual([])
      },
    },
    KeyId: {
      does: 'names the key of the grant that ends',
      async test({ kms, setup }) {
        const { KeyId, GrantId } = await createGranted(setup)
        await kms.retireGrant({ KeyId: arnOf(KeyId), GrantId })
        expect(await grantIdsOn(setup, KeyId)).toEqual([])
      },
    },
    GrantId: {
      does: 'names the grant that ends',
      async test({ kms, setup }) {
        const { KeyId, GrantId } = await createGranted(setup)
        await kms.retireGrant({ KeyId: arnOf(KeyId), GrantId })
        expect(await grantIdsOn(setup, KeyId)).toEqual([])
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
    InvalidGrantTokenException: {
      when: 'the grant token is none',
      provoke: async () => ({ input: { GrantToken: 'none' }, message: 'The grant token is not valid.' }),
    },
    NotFoundException: {
      when: 'there is no such grant',
      provoke: async ({ setup }) => ({
        input: { KeyId: arnOf(await createKey(setup)), GrantId: UNKNOWN_GRANT },
        message: `Grant ID ${UNKNOWN_GRANT} not found`,
      }),
    },
    ValidationException: {
      when: 'no grant is named',
      provoke: async () => ({
        input: {},
        message: 'You must specify either a grant token, or a key ID and a grant ID.',
      }),
    },
  },
}
