import type { CreateGrantRequest, GrantListEntry } from '@softkms/kms'
import { expect } from 'vitest'
import { ACCOUNT, OTHER_ACCOUNT } from '../../../support/kms-fixture.ts'
import type { Contract, MemberCase } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import { createKey } from './scenes.ts'

const GranteePrincipal = `arn:aws:iam::${ACCOUNT}:role/grantee`
const RetiringPrincipal = `arn:aws:iam::${ACCOUNT}:role/retirer`
const SERVICE = 'backup.amazonaws.com'
const SourceArn = `arn:aws:backup:eu-north-1:${ACCOUNT}:plan/x`
const GRANT = { GranteePrincipal, Operations: ['Decrypt', 'Encrypt'] } as const

/** Shows that what the request said is what ListGrants says. */
function isKept(request: Partial<CreateGrantRequest>, entry: GrantListEntry): MemberCase {
  return {
    does: 'is what ListGrants answers',
    async test({ kms, setup }) {
      const KeyId = await createKey(setup)
      const { Operations, ...rest } = { ...GRANT, ...request }
      await kms.createGrant({ KeyId, Operations: [...(Operations ?? [])], ...rest } as Parameters<
        typeof kms.createGrant
      >[0])
      const { Grants = [] } = await setup.listGrants({ KeyId })
      expect(Grants[0]).toMatchObject(entry)
    },
  }
}

const toService = {
  GranteePrincipal: undefined,
  GranteeServicePrincipal: SERVICE,
  RetiringServicePrincipal: SERVICE,
  Constraints: { SourceArn },
}

export const createGrant: Contract<'CreateGrant'> = {
  operation: 'CreateGrant',
  request: async ({ setup }) => ({ KeyId: await createKey(setup), ...GRANT }),

  members: {
    GranteePrincipal: isKept({}, { GranteePrincipal }),
    RetiringPrincipal: isKept({ RetiringPrincipal }, { RetiringPrincipal }),
    Operations: isKept({}, { Operations: [...GRANT.Operations] }),
    Constraints: isKept({ Constraints: { SourceArn } }, { Constraints: { SourceArn } }),
    'Constraints.EncryptionContextSubset': isKept(
      { Constraints: { EncryptionContextSubset: { a: 'b' } } },
      { Constraints: { EncryptionContextSubset: { a: 'b' } } },
    ),
    'Constraints.EncryptionContextEquals': isKept(
      { Constraints: { EncryptionContextEquals: { a: 'b' } } },
      { Constraints: { EncryptionContextEquals: { a: 'b' } } },
    ),
    'Constraints.SourceArn': isKept({ Constraints: { SourceArn } }, { Constraints: { SourceArn } }),
    GrantTokens: {
      does: 'make a grant count that is too young to count by itself',
      options: { grantDelayMs: 60_000 },
      async test({ setup, sdkFor }) {
        const parent = `arn:aws:iam::${OTHER_ACCOUNT}:root`
        const KeyId = arnOf(await createKey(setup))
        const Operations = ['CreateGrant', 'Decrypt'] as const
        const { GrantToken = '' } = await setup.createGrant({ KeyId, GranteePrincipal: parent, Operations })
        const grantee = sdkFor(setup.as(parent))
        const child = { KeyId, GranteePrincipal, Operations: ['Decrypt' as const], GrantTokens: [GrantToken] }
        expect((await grantee.createGrant(child)).GrantId).toBeTypeOf('string')
      },
    },
    Name: {
      does: 'makes the same request the same grant',
      async test({ kms, setup }) {
        const request = {
          KeyId: await createKey(setup),
          GranteePrincipal,
          Operations: ['Decrypt' as const],
          Name: 'once',
        }
        const [first, second] = [await kms.createGrant(request), await kms.createGrant(request)]
        expect(second.GrantId).toBe(first.GrantId)
      },
    },
    GranteeServicePrincipal: isKept(toService, { GranteeServicePrincipal: SERVICE }),
    RetiringServicePrincipal: isKept(toService, { RetiringServicePrincipal: SERVICE }),
  },

  errors: {
    LimitExceededException: {
      when: 'the key has as many grants as a key may have',
      options: { grantsPerKey: 1 },
      async provoke({ setup }) {
        const KeyId = await createKey(setup)
        await setup.createGrant({ KeyId, ...GRANT })
        return { input: { KeyId, ...GRANT }, message: `${arnOf(KeyId)} has 1 grants and can have no more.` }
      },
    },
    ValidationException: [
      {
        when: 'CreateGrant is the only operation',
        provoke: async ({ setup }) => ({
          input: { KeyId: await createKey(setup), GranteePrincipal, Operations: ['CreateGrant'] },
          message: 'Grants must not contain only the CreateGrant operation.',
        }),
      },
      {
        when: 'there are two constraints on the encryption context',
        provoke: async ({ setup }) => ({
          input: {
            KeyId: await createKey(setup),
            ...GRANT,
            Constraints: { EncryptionContextEquals: { a: 'b' }, EncryptionContextSubset: { a: 'b' } },
          },
          message: 'More than one constraint supplied',
        }),
      },
    ],
  },
}
