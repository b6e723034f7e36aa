import { expect } from 'vitest'
import type { Contract, MemberCase } from '../contract.ts'
import { CustomKeyStoreId, NO_SUCH_STORE } from './key-stores.ts'

function isSought(filter: { CustomKeyStoreId: string } | { CustomKeyStoreName: string }): MemberCase {
  return {
    does: 'is what is looked for',
    async test({ kms }) {
      const name = 'CustomKeyStoreNotFoundException'
      await expect(kms.describeCustomKeyStores(filter)).rejects.toMatchObject({ name })
    },
  }
}

export const describeCustomKeyStores: Contract<'DescribeCustomKeyStores'> = {
  operation: 'DescribeCustomKeyStores',
  request: async () => ({}),

  members: {
    CustomKeyStoreId: isSought({ CustomKeyStoreId }),
    CustomKeyStoreName: isSought({ CustomKeyStoreName: 'mine' }),
    // There is no store yet that a page could hold.
    Limit: {
      does: 'must be at least 1',
      async test({ kms }) {
        const request = kms.describeCustomKeyStores({ Limit: 0 })
        await expect(request).rejects.toMatchObject({ name: 'ValidationException' })
      },
    },
    Marker: {
      does: 'must come from an answer',
      async test({ kms }) {
        const request = kms.describeCustomKeyStores({ Marker: 'none' })
        await expect(request).rejects.toMatchObject({ name: 'InvalidMarkerException' })
      },
    },
  },

  errors: {
    CustomKeyStoreNotFoundException: NO_SUCH_STORE,
    ValidationException: {
      when: 'a store is named twice',
      provoke: async () => ({
        input: { CustomKeyStoreId, CustomKeyStoreName: 'mine' },
        message: 'You cannot specify CustomKeyStoreId and CustomKeyStoreName in the same request.',
      }),
    },
  },
}
