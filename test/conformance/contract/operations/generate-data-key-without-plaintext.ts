import type { Contract } from '../contract.ts'
import { SIZE_REFUSALS, asymmetricKey, sizeMembers } from './data-keys.ts'
import { createKey } from './scenes.ts'

export const generateDataKeyWithoutPlaintext: Contract<'GenerateDataKeyWithoutPlaintext'> = {
  operation: 'GenerateDataKeyWithoutPlaintext',
  request: async ({ setup }) => ({ KeyId: await createKey(setup), KeySpec: 'AES_256' }),

  members: sizeMembers('GenerateDataKeyWithoutPlaintext'),

  errors: {
    InvalidKeyUsageException: asymmetricKey('GenerateDataKeyWithoutPlaintext', { NumberOfBytes: 32 }),
    ValidationException: SIZE_REFUSALS,
  },
}
