import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export const listKeyPolicies: Contract<'ListKeyPolicies'> = {
  operation: 'ListKeyPolicies',
  request: async ({ setup }) => ({ KeyId: await createKey(setup) }),

  members: {
    // A key has one policy, so a page is never full.
    Limit: {
      does: 'must be at least 1',
      async test({ kms, setup }) {
        const request = kms.listKeyPolicies({ KeyId: await createKey(setup), Limit: 0 })
        await expect(request).rejects.toMatchObject({ name: 'ValidationException' })
      },
    },
    Marker: {
      does: 'must come from an answer',
      async test({ kms, setup }) {
        const request = kms.listKeyPolicies({ KeyId: await createKey(setup), Marker: 'none' })
        await expect(request).rejects.toMatchObject({ name: 'InvalidMarkerException' })
      },
    },
  },

  errors: {},
}
