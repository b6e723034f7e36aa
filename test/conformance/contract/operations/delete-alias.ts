import { expect } from 'vitest'
import { ACCOUNT } from '../../../support/kms-fixture.ts'
import type { Contract } from '../contract.ts'
import { REGION } from '../world.ts'
import { createKey } from './scenes.ts'

const AliasName = 'alias/there'
const ALIAS_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:${AliasName}`

export const deleteAlias: Contract<'DeleteAlias'> = {
  operation: 'DeleteAlias',
  request: async ({ setup }) => {
    await setup.createAlias({ AliasName, TargetKeyId: await createKey(setup) })
    return { AliasName }
  },

  members: {
    AliasName: {
      does: 'is the name that goes',
      async test({ kms, setup }) {
        await setup.createAlias({ AliasName, TargetKeyId: await createKey(setup) })
        await setup.createAlias({ AliasName: 'alias/other', TargetKeyId: await createKey(setup) })
        await kms.deleteAlias({ AliasName })
        const { Aliases = [] } = await setup.listAliases()
        expect(Aliases.map((alias) => alias.AliasName)).toEqual(['alias/other'])
      },
    },
  },

  errors: {
    NotAuthorizedException: {
      when: 'the prefix belongs to AWS',
      provoke: async () => ({ input: { AliasName: 'alias/aws/mine' } }),
    },
    NotFoundException: {
      when: 'there is no such alias',
      provoke: async () => ({ input: { AliasName }, message: `Alias ${ALIAS_ARN} is not found.` }),
    },
  },
}
