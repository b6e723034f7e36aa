import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export const getKeyRotationStatus: Contract<'GetKeyRotationStatus'> = {
  operation: 'GetKeyRotationStatus',
  request: async ({ setup }) => ({ KeyId: await createKey(setup) }),

  members: {},

  errors: { UnsupportedOperationException: { later: 'custom key stores' } },
}
