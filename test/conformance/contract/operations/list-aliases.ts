import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { UNKNOWN_ID, arnOf } from '../derived-errors.ts'
import { createKey } from './scenes.ts'

export const listAliases: Contract<'ListAliases'> = {
  operation: 'ListAliases',
  request: async ({ setup }) => {
    await setup.createAlias({ AliasName: 'alias/one', TargetKeyId: await createKey(setup) })
    await setup.createAlias({ AliasName: 'alias/two', TargetKeyId: await createKey(setup) })
    return {}
  },

  members: {
    KeyId: {
      does: 'lists the aliases of one key',
      async test({ kms, setup }) {
        const KeyId = await createKey(setup)
        await setup.createAlias({ AliasName: 'alias/its', TargetKeyId: KeyId })
        await setup.createAlias({ AliasName: 'alias/another', TargetKeyId: await createKey(setup) })
        const { Aliases = [] } = await kms.listAliases({ KeyId })
        expect(Aliases.map(({ AliasName }) => AliasName)).toEqual(['alias/its'])
      },
    },
  },

  errors: {
    NotFoundException: {
      when: 'there is no such key',
      provoke: async () => ({
        input: { KeyId: UNKNOWN_ID },
        message: `Key '${arnOf(UNKNOWN_ID)}' does not exist`,
      }),
    },
    InvalidArnException: {
      when: 'an alias names the key',
      provoke: async () => ({
        input: { KeyId: 'alias/any' },
        message: 'Key Aliases are not supported for this operation.',
      }),
    },
  },
}
