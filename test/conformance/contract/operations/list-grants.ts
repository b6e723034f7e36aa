import { expect } from 'vitest'
import { ACCOUNT } from '../../../support/kms-fixture.ts'
import { allow, policyOf } from '../../../support/policy-scene.ts'
import type { Contract } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import { GRANTEE, OTHER_GRANTEE, SERVICE, asItself, createGrantOn, createGrantTo } from './grants.ts'
import { createKey } from './scenes.ts'

/** Lets the service list, besides the account. */
const LISTABLE = policyOf(
  allow({ Principal: { AWS: ACCOUNT } }),
  allow({ Principal: { Service: SERVICE }, Action: 'kms:ListGrants' }),
)

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
      does: 'lists the grants of one service, which must be who asks',
      async test({ setup, sdkFor }) {
        const KeyId = await createKey(setup, { Policy: LISTABLE })
        await createGrantOn(setup, KeyId)
        const GrantId = await createGrantTo(setup, KeyId, SERVICE)
        const request = { KeyId: arnOf(KeyId), GranteeServicePrincipal: SERVICE }
        const { Grants = [] } = await sdkFor(asItself(setup, SERVICE)).listGrants(request)
        expect(Grants.map((grant) => grant.GrantId)).toEqual([GrantId])
      },
    },
  },

  errors: {
    InvalidArnException: {
      when: 'the grantee is none',
      provoke: async ({ setup }) => ({
        input: { KeyId: await createKey(setup), GranteePrincipal: 'arn:aws:iam' },
        message: 'Invalid arn arn:aws:iam',
      }),
    },
    InvalidGrantIdException: {
      when: 'the grant id is none',
      provoke: async ({ setup }) => ({
        input: { KeyId: await createKey(setup), GrantId: 'none' },
        message: "Invalid grant ID 'none'",
      }),
    },
    ValidationException: [
      {
        when: 'two grantees are looked for',
        provoke: async ({ setup }) => ({
          input: { KeyId: await createKey(setup), GranteePrincipal: GRANTEE, GranteeServicePrincipal: SERVICE },
          message: 'You cannot specify both GranteePrincipal and GranteeServicePrincipal.',
        }),
      },
      {
        when: 'a service is looked for by who is none',
        provoke: async ({ setup }) => ({
          input: { KeyId: await createKey(setup), GranteeServicePrincipal: SERVICE },
          message: 'GranteeServicePrincipal is only valid in requests of AWS services.',
        }),
      },
    ],
  },
}
