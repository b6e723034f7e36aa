import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { UNKNOWN_GRANT, createGrantOn, createGranted, grantIdsOn } from './grants.ts'
import { createKey } from './scenes.ts'

export const revokeGrant: Contract<'RevokeGrant'> = {
  operation: 'RevokeGrant',
  async request({ setup }) {
    const { KeyId, GrantId } = await createGranted(setup)
    return { KeyId, GrantId }
  },

  members: {
    GrantId: {
      does: 'is the grant that ends',
      async test({ kms, setup }) {
        const KeyId = await createKey(setup)
        const ending = await createGrantOn(setup, KeyId)
        const staying = await createGrantOn(setup, KeyId)
        await kms.revokeGrant({ KeyId, GrantId: ending.GrantId })
        expect(await grantIdsOn(setup, KeyId)).toEqual([staying.GrantId])
      },
    },
  },

  errors: {
    InvalidGrantIdException: {
      when: 'the grant id is none',
      provoke: async ({ setup }) => ({
        input: { KeyId: await createKey(setup), GrantId: 'none' },
        message: "Invalid grant ID 'none'",
      }),
    },
    NotFoundException: {
      when: 'there is no such grant',
      provoke: async ({ setup }) => ({
        input: { KeyId: await createKey(setup), GrantId: UNKNOWN_GRANT },
        message: `Grant ID ${UNKNOWN_GRANT} not found`,
      }),
    },
  },
}
