import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import { createKey } from './scenes.ts'

export const enableKeyRotation: Contract<'EnableKeyRotation'> = {
  operation: 'EnableKeyRotation',
  request: async ({ setup }) => ({ KeyId: await createKey(setup) }),

  members: {
    RotationPeriodInDays: {
      does: 'is how many days lie between rotations',
      async test({ kms, setup }) {
        const KeyId = await createKey(setup)
        await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 })
        expect((await setup.getKeyRotationStatus({ KeyId })).RotationPeriodInDays).toBe(90)
      },
    },
  },

  errors: {
    UnsupportedOperationException: [
      {
        when: 'the key is not symmetric',
        provoke: async ({ setup }) => ({
          input: { KeyId: await createKey(setup, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }) },
        }),
      },
      {
        when: 'the material is imported',
        async provoke({ setup }) {
          const KeyId = await createKey(setup, { Origin: 'EXTERNAL' })
          const message = `${arnOf(KeyId)} origin is EXTERNAL which is not valid for this operation.`
          return { input: { KeyId }, message }
        },
      },
    ],
  },
}
