import type { Contract } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import { createKey } from './scenes.ts'

export const cancelKeyDeletion: Contract<'CancelKeyDeletion'> = {
  operation: 'CancelKeyDeletion',
  request: async ({ setup }) => {
    const KeyId = await createKey(setup)
    await setup.scheduleKeyDeletion({ KeyId })
    return { KeyId }
  },

  members: {},

  errors: {
    KMSInvalidStateException: {
      when: 'the key is not pending deletion',
      async provoke({ setup }) {
        const KeyId = await createKey(setup)
        return { input: { KeyId }, message: `${arnOf(KeyId)} is not pending deletion.` }
      },
    },
  },
}
