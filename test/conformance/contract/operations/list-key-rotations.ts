import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { createKey, createRotatedKey } from './scenes.ts'

export const listKeyRotations: Contract<'ListKeyRotations'> = {
  operation: 'ListKeyRotations',
  request: async ({ setup }) => ({ KeyId: await createRotatedKey(setup) }),

  members: {
    IncludeKeyMaterial: {
      does: 'lists the material that came with the key, too',
      async test({ kms, setup }) {
        const KeyId = await createRotatedKey(setup)
        const { Rotations = [] } = await kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })
        expect(Rotations.map(({ KeyMaterialState }) => KeyMaterialState)).toEqual([
          'NON_CURRENT',
          'NON_CURRENT',
          'CURRENT',
        ])
      },
    },
  },

  errors: {
    UnsupportedOperationException: {
      when: 'the key is not symmetric',
      provoke: async ({ setup }) => ({
        input: { KeyId: await createKey(setup, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }) },
      }),
    },
  },
}
