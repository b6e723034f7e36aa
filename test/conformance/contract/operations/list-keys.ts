import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export const listKeys: Contract<'ListKeys'> = {
  operation: 'ListKeys',
  request: async () => ({}),

  members: {
    Limit: {
      does: 'is how many keys a page has at most',
      async test({ kms, setup }) {
        await createKey(setup)
        await createKey(setup)
        const { Keys, Truncated, NextMarker } = await kms.listKeys({ Limit: 1 })
        expect(Keys).toHaveLength(1)
        expect(Truncated).toBe(true)
        expect(NextMarker).toBeTypeOf('string')
      },
    },
    Marker: {
      does: 'goes on where the last page ended',
      async test({ kms, setup }) {
        const keyIds = [await createKey(setup), await createKey(setup)]
        const first = await setup.listKeys({ Limit: 1 })
        const second = await kms.listKeys({ Marker: first.NextMarker })
        expect([...(first.Keys ?? []), ...(second.Keys ?? [])].map(({ KeyId }) => KeyId)).toEqual(keyIds.toSorted())
        expect(second).not.toHaveProperty('NextMarker')
      },
    },
  },

  errors: {
    ValidationException: {
      when: 'Limit is 0',
      provoke: async () => ({
        input: { Limit: 0 },
        message:
          "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: " +
          'Member must have value greater than or equal to 1',
      }),
    },
  },
}
