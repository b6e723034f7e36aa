import { expect } from 'vitest'
import { ACCOUNT } from '../../../support/kms-fixture.ts'
import type { Contract } from '../contract.ts'
import { REGION } from '../world.ts'
import { createKey } from './scenes.ts'

const AliasName = 'alias/fresh'
const ALIAS_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:${AliasName}`

export const createAlias: Contract<'CreateAlias'> = {
  operation: 'CreateAlias',
  request: async ({ setup }) => ({ AliasName, TargetKeyId: await createKey(setup) }),

  members: {
    AliasName: {
      does: 'is the name by which the key is found',
      async test({ kms, setup }) {
        const TargetKeyId = await createKey(setup)
        await kms.createAlias({ AliasName, TargetKeyId })
        expect((await setup.describeKey({ KeyId: AliasName })).KeyMetadata?.KeyId).toBe(TargetKeyId)
      },
    },
    TargetKeyId: {
      does: 'is the key to which the name points',
      async test({ kms, setup }) {
        await createKey(setup)
        const TargetKeyId = await createKey(setup)
        await kms.createAlias({ AliasName, TargetKeyId })
        expect((await setup.describeKey({ KeyId: AliasName })).KeyMetadata?.KeyId).toBe(TargetKeyId)
      },
    },
  },

  errors: {
    AlreadyExistsException: {
      when: 'the name is taken',
      async provoke({ setup }) {
        const TargetKeyId = await createKey(setup)
        await setup.createAlias({ AliasName, TargetKeyId })
        return {
          input: { AliasName, TargetKeyId },
          message: `An alias with the name ${ALIAS_ARN} already exists`,
        }
      },
    },
    InvalidAliasNameException: {
      when: 'the name has a colon',
      provoke: async ({ setup }) => ({
        input: { AliasName: 'alias/a:b', TargetKeyId: await createKey(setup) },
        message: 'alias/a:b contains invalid characters for an alias',
      }),
    },
    ValidationException: {
      when: 'the target is named by an alias',
      async provoke({ setup }) {
        await setup.createAlias({ AliasName: 'alias/there', TargetKeyId: await createKey(setup) })
        return { input: { AliasName, TargetKeyId: 'alias/there' }, message: 'Aliases must refer to keys. Not aliases' }
      },
    },
    LimitExceededException: {
      when: 'the key has as many aliases as a key may have',
      options: { aliasesPerKey: 1 },
      async provoke({ setup }) {
        const TargetKeyId = await createKey(setup)
        await setup.createAlias({ AliasName: 'alias/first', TargetKeyId })
        return {
          input: { AliasName, TargetKeyId },
          message: 'Aliases per key quota for this account in this region is 1, current usage is 1.',
        }
      },
    },
    NotAuthorizedException: {
      when: 'the prefix belongs to AWS',
      provoke: async ({ setup }) => ({
        input: { AliasName: 'alias/aws/mine', TargetKeyId: await createKey(setup) },
      }),
    },
  },
}
