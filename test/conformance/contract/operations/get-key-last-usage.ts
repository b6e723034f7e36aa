import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export const getKeyLastUsage: Contract<'GetKeyLastUsage'> = {
  operation: 'GetKeyLastUsage',
  request: async ({ setup }) => ({ KeyId: await createKey(setup) }),
  members: {},
  errors: {},
}
