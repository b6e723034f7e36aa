import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export const disableKey: Contract<'DisableKey'> = {
  operation: 'DisableKey',
  request: async ({ setup }) => ({ KeyId: await createKey(setup) }),

  members: {},

  errors: {},
}
