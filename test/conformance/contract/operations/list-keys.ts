import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export const listKeys: Contract<'ListKeys'> = {
  operation: 'ListKeys',
  request: async ({ setup }) => {
    await createKey(setup)
    await createKey(setup)
    return {}
  },

  members: {},

  errors: {},
}
