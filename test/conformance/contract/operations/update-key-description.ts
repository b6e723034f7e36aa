import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export const updateKeyDescription: Contract<'UpdateKeyDescription'> = {
  operation: 'UpdateKeyDescription',
  request: async ({ setup }) => ({ KeyId: await createKey(setup), Description: 'new' }),

  members: {
    Description: {
      does: 'is what DescribeKey answers',
      async test({ kms, setup }) {
        const KeyId = await createKey(setup, { Description: 'old' })
        await kms.updateKeyDescription({ KeyId, Description: 'new' })
        expect((await setup.describeKey({ KeyId })).KeyMetadata?.Description).toBe('new')
      },
    },
  },

  errors: {},
}
