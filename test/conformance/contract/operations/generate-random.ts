import { expect } from 'vitest'
import type { Contract } from '../contract.ts'

const NO_STORE = {
  input: { NumberOfBytes: 32, CustomKeyStoreId: 'cks-0123456789abcdef0' },
  message: 'Custom key store cks-0123456789abcdef0 is not found.',
}

export const generateRandom: Contract<'GenerateRandom'> = {
  operation: 'GenerateRandom',
  request: async () => ({ NumberOfBytes: 32 }),

  members: {
    NumberOfBytes: {
      does: 'is how many bytes there are',
      async test({ kms }) {
        expect((await kms.generateRandom({ NumberOfBytes: 7 })).Plaintext).toHaveLength(7)
      },
    },
    CustomKeyStoreId: {
      does: 'names a key store, of which there are none',
      async test({ kms }) {
        const { input, message } = NO_STORE
        await expect(kms.generateRandom(input)).rejects.toMatchObject({
          name: 'CustomKeyStoreNotFoundException',
          message,
        })
      },
    },
  },

  errors: {
    CustomKeyStoreNotFoundException: {
      when: 'there is no such key store',
      provoke: async () => NO_STORE,
    },
    UnsupportedOperationException: { later: 'custom key stores' },
    ValidationException: [
      {
        when: 'NumberOfBytes is missing',
        provoke: async () => ({ input: {}, message: 'NumberOfBytes is required.' }),
      },
      {
        when: 'NumberOfBytes is 1025',
        provoke: async () => ({
          input: { NumberOfBytes: 1025 },
          message:
            "1 validation error detected: Value '1025' at 'numberOfBytes' failed to satisfy constraint: " +
            'Member must have value less than or equal to 1024',
        }),
      },
    ],
  },
}
