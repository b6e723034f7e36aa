import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { GRANTEE, OTHER_GRANTEE, createGrantOn } from './grants.ts'
import { createKey } from './scenes.ts'

export const listGrants: Contract<'ListGrants'> = {
  operation: 'ListGrants',
  async request({ setup }) {
    const KeyId = await createKey(setup)
    await createGrantOn(setup, KeyId)
    await createGrantOn(setup, KeyId)
    return { KeyId }
  },

  members: {
    GrantId: {
      does: 'is the one grant that is looked for',
      async test({ kms, setup }) {
        const KeyId = await createKey(setup)
        const { GrantId } = await createGrantOn(setup, KeyId)
        await createGrantOn(setup, KeyId)
        const { Grants = [] } = await kms.listGrants({ KeyId, GrantId })
        expect(Grants.map((grant) => grant.GrantId)).toEqual([GrantId])
      },
    },
    GranteePrincipal: {
      does: 'lists the grants of one grantee',
      async test({ kms, setup }) {
        const KeyId = await createKey(setup)
        await createGrantOn(setup, KeyId)
        await createGrantOn(setup, KeyId, OTHER_GRANTEE)
        const { Grants = [] } = await kms.listGrants({ KeyId, GranteePrincipal: GRANTEE })
        expect(Grants.map((grant) => grant.GranteePrincipal)).toEqual([GRANTEE])
      },
    },
    GranteeServicePrincipal: {
      does: 'is for services alone',
      async test({ kms, setup }) {
        const request = { KeyId: await createKey(setup), GranteeServicePrincipal: 'backup.amazonaws.com' }
        await expect(kms.listGrants(request)).rejects.toMatchObject({ name: 'ValidationException' })
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
  },
}
