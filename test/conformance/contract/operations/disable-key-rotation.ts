import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export const disableKeyRotation: Contract<'DisableKeyRotation'> = {
  operation: 'DisableKeyRotation',
  request: async ({ setup }) => ({ KeyId: await createKey(setup) }),

  members: {},

  errors: {
    UnsupportedOperationException: {
      when: 'the key is not symmetric',
      provoke: async ({ setup }) => ({
        input: { KeyId: await createKey(setup, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }) },
      }),
    },
  },
}
