import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { RETIRER, createGranted } from './grants.ts'

const NOBODY_NAMED = 'You must specify exactly one of RetiringPrincipal and RetiringServicePrincipal.'

export const listRetirableGrants: Contract<'ListRetirableGrants'> = {
  operation: 'ListRetirableGrants',
  async request({ setup }) {
    await createGranted(setup)
    await createGranted(setup)
    return { RetiringPrincipal: RETIRER }
  },

  members: {
    RetiringPrincipal: {
      does: 'is whose grants are listed',
      async test({ kms, setup }) {
        const { GrantId } = await createGranted(setup)
        const { Grants = [] } = await kms.listRetirableGrants({ RetiringPrincipal: RETIRER })
        expect(Grants.map((grant) => grant.GrantId)).toEqual([GrantId])
      },
    },
    RetiringServicePrincipal: {
      does: 'is for services alone',
      async test({ kms }) {
        const request = { RetiringServicePrincipal: 'backup.amazonaws.com' }
        const message = 'RetiringServicePrincipal is only valid in requests of AWS services.'
        await expect(kms.listRetirableGrants(request)).rejects.toMatchObject({ message })
      },
    },
  },

  errors: {
    InvalidArnException: {
      when: 'the principal is none',
      provoke: async () => ({ input: { RetiringPrincipal: 'arn:aws:iam' }, message: 'Invalid arn arn:aws:iam' }),
    },
    NotFoundException: { never: 'whoever may retire nothing gets an empty list' },
    ValidationException: {
      when: 'nobody is named',
      provoke: async () => ({ input: {}, message: NOBODY_NAMED }),
    },
  },
}
