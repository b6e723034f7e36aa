import { expect } from 'vitest'
import { DAY_MS } from '@softkms/lifecycle'
import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export const scheduleKeyDeletion: Contract<'ScheduleKeyDeletion'> = {
  operation: 'ScheduleKeyDeletion',
  request: async ({ setup }) => ({ KeyId: await createKey(setup) }),

  members: {
    PendingWindowInDays: {
      does: 'is how many days the key has left',
      async test({ kms, setup, clock }) {
        const KeyId = await createKey(setup)
        const { DeletionDate, PendingWindowInDays } = await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
        expect(PendingWindowInDays).toBe(7)
        expect(DeletionDate?.getTime()).toBe(clock.now() + 7 * DAY_MS)
      },
    },
  },

  errors: {},
}
