import { expect } from 'vitest'
import { ACCOUNT, OTHER_ACCOUNT } from '../../../support/kms-fixture.ts'
import type { Contract } from '../contract.ts'
import { RETIRER, SERVICE, asItself, createGrantTo, createGranted } from './grants.ts'
import { createKey } from './scenes.ts'

const NOT_ONE_NAMED = 'You must specify exactly one of RetiringPrincipal and RetiringServicePrincipal.'

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
        const { KeyId, GrantId } = await createGranted(setup)
        await createGrantTo(setup, KeyId, SERVICE)
        const { Grants = [] } = await kms.listRetirableGrants({ RetiringPrincipal: RETIRER })
        expect(Grants.map((grant) => grant.GrantId)).toEqual([GrantId])
      },
    },
    RetiringServicePrincipal: {
      does: 'is the service whose grants are listed, which must be who asks',
      async test({ setup, sdkFor }) {
        await createGranted(setup)
        const GrantId = await createGrantTo(setup, await createKey(setup), SERVICE)
        const service = sdkFor(asItself(setup, SERVICE))
        const { Grants = [] } = await service.listRetirableGrants({ RetiringServicePrincipal: SERVICE })
        expect(Grants.map((grant) => grant.GrantId)).toEqual([GrantId])
      },
    },
  },

  errors: {
    AccessDeniedException: {
      when: 'the principal is of another account',
      provoke: async () => ({
        input: { RetiringPrincipal: `arn:aws:iam::${OTHER_ACCOUNT}:root` },
        message:
          `User: arn:aws:iam::${ACCOUNT}:root is not authorized to perform: kms:ListRetirableGrants on this resource ` +
          'because the resource does not exist in this Region, no resource-based policies allow access, ' +
          'or a resource-based policy explicitly denies access',
      }),
    },
    InvalidArnException: {
      when: 'the principal is none',
      provoke: async () => ({ input: { RetiringPrincipal: 'arn:aws:iam' }, message: 'Invalid arn arn:aws:iam' }),
    },
    NotFoundException: { never: 'whoever may retire nothing gets an empty list' },
    ValidationException: [
      { when: 'nobody is named', provoke: async () => ({ input: {}, message: NOT_ONE_NAMED }) },
      {
        when: 'two are named',
        provoke: async () => ({
          input: { RetiringPrincipal: RETIRER, RetiringServicePrincipal: SERVICE },
          message: NOT_ONE_NAMED,
        }),
      },
      {
        when: 'a service is named by who is none',
        provoke: async () => ({
          input: { RetiringServicePrincipal: SERVICE },
          message: 'RetiringServicePrincipal is only valid in requests of AWS services.',
        }),
      },
    ],
  },
}
