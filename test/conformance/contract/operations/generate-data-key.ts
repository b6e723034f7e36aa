import type { Contract } from '../contract.ts'
import { SIZE_REFUSALS, asymmetricKey, sizeMembers } from './data-keys.ts'
import { createKey } from './scenes.ts'

export const generateDataKey: Contract<'GenerateDataKey'> = {
  operation: 'GenerateDataKey',
  request: async ({ setup }) => ({ KeyId: await createKey(setup), KeySpec: 'AES_256' }),

  members: sizeMembers('GenerateDataKey'),

  errors: {
    InvalidKeyUsageException: asymmetricKey('GenerateDataKey', { NumberOfBytes: 32 }),
    ValidationException: SIZE_REFUSALS,
  },
}
