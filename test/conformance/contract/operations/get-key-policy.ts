import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export const getKeyPolicy: Contract<'GetKeyPolicy'> = {
  operation: 'GetKeyPolicy',
  request: async ({ setup }) => ({ KeyId: await createKey(setup) }),

  members: {
    PolicyName: {
      does: 'can only be default',
      async test({ kms, setup }) {
        const KeyId = await createKey(setup)
        expect((await kms.getKeyPolicy({ KeyId, PolicyName: 'default' })).PolicyName).toBe('default')
        const other = kms.getKeyPolicy({ KeyId, PolicyName: 'other' })
        await expect(other).rejects.toMatchObject({ name: 'NotFoundException', message: 'No such policy exists' })
      },
    },
  },

  errors: {},
}
