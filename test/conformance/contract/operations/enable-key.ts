import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export const enableKey: Contract<'EnableKey'> = {
  operation: 'EnableKey',
  request: async ({ setup }) => ({ KeyId: await createKey(setup) }),

  members: {},

  errors: {
    LimitExceededException: { never: 'no limit on enabled keys is documented' },
  },
}
