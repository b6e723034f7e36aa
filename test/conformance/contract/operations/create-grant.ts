import type { CreateGrantRequest, GrantListEntry } from '@softkms/kms'
import { expect } from 'vitest'
import { ACCOUNT, OTHER_ACCOUNT } from '../../../support/kms-fixture.ts'
import type { Contract, ErrorCase, MemberCase } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import { SERVICE, SourceArn } from './grants.ts'
import { createKey } from './scenes.ts'

const GranteePrincipal = `arn:aws:iam::${ACCOUNT}:role/grantee`
const RetiringPrincipal = `arn:aws:iam::${ACCOUNT}:role/retirer`
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

const NOT_ONE_GRANTEE = 'You must specify exactly one of GranteePrincipal and GranteeServicePrincipal.'
const NINE_PAIRS = Object.fromEntries(Array.from({ length: 9 }, (_, number) => [`key-${number}`, '']))

/** The request that succeeds, but for what is given. */
function refused(when: string, rest: Partial<CreateGrantRequest>, message: string): ErrorCase<CreateGrantRequest> {
  return {
    when,
    provoke: async ({ setup }) => ({ input: { KeyId: await createKey(setup), ...GRANT, ...rest }, message }),
  }
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
        expect(second.GrantToken).not.toBe(first.GrantToken)
      },
    },
    GranteeServicePrincipal: isKept(toService, { GranteeServicePrincipal: SERVICE }),
    RetiringServicePrincipal: isKept(toService, { RetiringServicePrincipal: SERVICE }),
  },

  errors: {
    AccessDeniedException: {
      when: 'a grant would allow more than the one that lets it be made',
      async provoke({ setup, sdkFor }) {
        const parent = `arn:aws:iam::${OTHER_ACCOUNT}:root`
        const KeyId = arnOf(await createKey(setup))
        await setup.createGrant({ KeyId, GranteePrincipal: parent, Operations: ['CreateGrant', 'Decrypt'] })
        return {
          input: { KeyId, ...GRANT },
          by: sdkFor(setup.as(parent)),
          message:
            `User: ${parent} is not authorized to perform: kms:CreateGrant on this resource because the resource ` +
            'does not exist in this Region, no resource-based policies allow access, ' +
            'or a resource-based policy explicitly denies access',
        }
      },
    },
    InvalidArnException: [
      refused('the grantee is none', { GranteePrincipal: 'nobody' }, 'Invalid arn nobody'),
      refused('the one who may retire it is none', { RetiringPrincipal: 'nobody' }, 'Invalid arn nobody'),
    ],
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
      refused('there is no grantee', { GranteePrincipal: undefined }, NOT_ONE_GRANTEE),
      refused('there are two grantees', { ...toService, GranteePrincipal }, NOT_ONE_GRANTEE),
      refused(
        'two may retire it',
        { RetiringPrincipal, RetiringServicePrincipal: SERVICE },
        'You cannot specify both RetiringPrincipal and RetiringServicePrincipal.',
      ),
      refused(
        'a service gets it for no resource',
        { ...toService, Constraints: undefined },
        'A grant with a GranteeServicePrincipal must have a SourceArn constraint.',
      ),
      refused(
        'a service gets it that nobody may retire',
        { ...toService, RetiringServicePrincipal: undefined },
        'A grant with a GranteeServicePrincipal must have a RetiringPrincipal or RetiringServicePrincipal.',
      ),
      refused('there is no operation', { Operations: [] }, 'Grants must contain at least one operation.'),
      refused(
        'CreateGrant is the only operation',
        { Operations: ['CreateGrant'] },
        'Grants must not contain only the CreateGrant operation.',
      ),
      refused(
        'there are two constraints on the encryption context',
        { Constraints: { EncryptionContextEquals: { a: 'b' }, EncryptionContextSubset: { a: 'b' } } },
        'More than one constraint supplied',
      ),
      refused(
        'a constraint has more than 8 pairs',
        { Constraints: { EncryptionContextSubset: NINE_PAIRS } },
        'A grant constraint must not have more than 8 encryption context pairs.',
      ),
      refused(
        'a constraint has a text of more than 384 characters',
        { Constraints: { EncryptionContextSubset: { a: 'b'.repeat(385) } } },
        'The text of a grant constraint must not be longer than 384 characters.',
      ),
      {
        when: 'the key cannot do an operation',
        async provoke({ setup }) {
          const KeyId = await createKey(setup)
          const message =
            `Grant operations [Sign] are not valid for ${arnOf(KeyId)}, whose key spec is SYMMETRIC_DEFAULT and ` +
            'whose key usage is ENCRYPT_DECRYPT.'
          return { input: { KeyId, GranteePrincipal, Operations: ['Decrypt', 'Sign'] }, message }
        },
      },
      {
        when: 'requests for the key have no encryption context to constrain',
        async provoke({ setup }) {
          const KeyId = await createKey(setup, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
          const Constraints = { EncryptionContextEquals: { a: 'b' } }
          const message =
            `${arnOf(KeyId)} is not a symmetric encryption key, ` +
            'so its grants cannot have encryption context constraints.'
          return { input: { KeyId, GranteePrincipal, Operations: ['GenerateMac'], Constraints }, message }
        },
      },
    ],
  },
}
