import type { Contract } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import { createExternal } from './imports.ts'
import { createKey } from './scenes.ts'

export const getKeyRotationStatus: Contract<'GetKeyRotationStatus'> = {
  operation: 'GetKeyRotationStatus',
  request: async ({ setup }) => ({ KeyId: await createKey(setup) }),

  members: {},

  errors: {
    UnsupportedOperationException: {
      when: 'the key waits for imported material',
      async provoke({ setup }) {
        const KeyId = await createExternal(setup)
        return {
          input: { KeyId },
          message: `${arnOf(KeyId)} origin is EXTERNAL which is not valid for this operation.`,
        }
      },
    },
  },
}
