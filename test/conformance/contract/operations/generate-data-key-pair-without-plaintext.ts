import type { Contract } from '../contract.ts'
import { UNKNOWN_PAIRS, asymmetricKey, pairSpecMember } from './data-keys.ts'
import { createKey } from './scenes.ts'

export const generateDataKeyPairWithoutPlaintext: Contract<'GenerateDataKeyPairWithoutPlaintext'> = {
  operation: 'GenerateDataKeyPairWithoutPlaintext',
  request: async ({ setup }) => ({ KeyId: await createKey(setup), KeyPairSpec: 'ECC_NIST_P256' }),

  members: { KeyPairSpec: pairSpecMember('GenerateDataKeyPairWithoutPlaintext') },

  errors: {
    InvalidKeyUsageException: asymmetricKey('GenerateDataKeyPairWithoutPlaintext', { KeyPairSpec: 'ECC_NIST_P256' }),
    UnsupportedOperationException: UNKNOWN_PAIRS,
  },
}
