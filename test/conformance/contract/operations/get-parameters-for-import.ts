import { createPublicKey } from 'node:crypto'
import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import { createExternal } from './imports.ts'
import { createKey } from './scenes.ts'

const WRAPPING = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const

export const getParametersForImport: Contract<'GetParametersForImport'> = {
  operation: 'GetParametersForImport',
  request: async ({ setup }) => ({ KeyId: await createExternal(setup), ...WRAPPING }),

  members: {
    WrappingAlgorithm: {
      does: 'is one that fits the key spec',
      async test({ kms, setup }) {
        const KeyId = await createKey(setup, { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY', Origin: 'EXTERNAL' })
        const tooLong = kms.getParametersForImport({ KeyId, ...WRAPPING })
        await expect(tooLong).rejects.toMatchObject({ name: 'UnsupportedOperationException' })
        const fitting = { ...WRAPPING, WrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256' as const }
        expect((await kms.getParametersForImport({ KeyId, ...fitting })).KeyId).toBe(arnOf(KeyId))
      },
    },
    WrappingKeySpec: {
      does: 'is the size of the wrapping key',
      async test({ kms, setup }) {
        const request = { KeyId: await createExternal(setup), ...WRAPPING, WrappingKeySpec: 'RSA_3072' as const }
        const { PublicKey = new Uint8Array(0) } = await kms.getParametersForImport(request)
        const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
        expect(key.asymmetricKeyDetails?.modulusLength).toBe(3072)
      },
    },
  },

  errors: {
    UnsupportedOperationException: [
      {
        when: 'the material is not imported',
        async provoke({ setup }) {
          const KeyId = await createKey(setup)
          const message = `${arnOf(KeyId)} origin is AWS_KMS which is not valid for this operation.`
          return { input: { KeyId, ...WRAPPING }, message }
        },
      },
      {
        when: 'the WrappingAlgorithm is retired',
        provoke: async ({ setup }) => ({
          input: { KeyId: await createExternal(setup), ...WRAPPING, WrappingAlgorithm: 'RSAES_PKCS1_V1_5' },
          message:
            'WrappingAlgorithm RSAES_PKCS1_V1_5 with WrappingKeySpec RSA_2048 is not valid for KeySpec SYMMETRIC_DEFAULT.',
        }),
      },
      {
        when: 'the WrappingKeySpec is not there in the Region',
        provoke: async ({ setup }) => ({
          input: { KeyId: await createExternal(setup), ...WRAPPING, WrappingKeySpec: 'SM2' },
          message: 'WrappingKeySpec SM2 is not supported in this Region.',
        }),
      },
    ],
  },
}
