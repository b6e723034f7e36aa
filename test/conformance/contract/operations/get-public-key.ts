import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export const getPublicKey: Contract<'GetPublicKey'> = {
  operation: 'GetPublicKey',
  request: async ({ setup }) => ({
    KeyId: await createKey(setup, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
  }),

  members: {},

  errors: {
    InvalidKeyUsageException: { never: 'asymmetric keys of every usage have a public key' },
    UnsupportedOperationException: [
      {
        when: 'the key is symmetric',
        provoke: async ({ setup }) => ({ input: { KeyId: await createKey(setup) } }),
      },
      {
        when: 'the key is for HMAC',
        provoke: async ({ setup }) => ({
          input: { KeyId: await createKey(setup, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }) },
        }),
      },
    ],
  },
}
