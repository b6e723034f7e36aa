import type { Contract } from '../contract.ts'
import { UNKNOWN_PAIRS, asymmetricKey, pairSpecMember } from './data-keys.ts'
import { createKey } from './scenes.ts'

export const generateDataKeyPair: Contract<'GenerateDataKeyPair'> = {
  operation: 'GenerateDataKeyPair',
  request: async ({ setup }) => ({ KeyId: await createKey(setup), KeyPairSpec: 'ECC_NIST_P256' }),

  members: { KeyPairSpec: pairSpecMember('GenerateDataKeyPair') },

  errors: {
    InvalidKeyUsageException: asymmetricKey('GenerateDataKeyPair', { KeyPairSpec: 'ECC_NIST_P256' }),
    UnsupportedOperationException: UNKNOWN_PAIRS,
  },
}
