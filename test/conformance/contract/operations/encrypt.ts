import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { RSA_ENCRYPTION, bytes, createKey } from './scenes.ts'

export const encrypt: Contract<'Encrypt'> = {
  operation: 'Encrypt',
  request: async ({ setup }) => ({ KeyId: await createKey(setup), Plaintext: bytes('secret') }),

  members: {
    Plaintext: {
      does: 'is what Decrypt answers',
      async test({ kms, setup }) {
        const { CiphertextBlob } = await kms.encrypt({ KeyId: await createKey(setup), Plaintext: bytes('secret') })
        expect((await setup.decrypt({ CiphertextBlob })).Plaintext).toEqual(bytes('secret'))
      },
    },
    EncryptionAlgorithm: {
      does: 'is the algorithm of an RSA key',
      async test({ kms, setup }) {
        const KeyId = await createKey(setup, RSA_ENCRYPTION)
        const EncryptionAlgorithm = 'RSAES_OAEP_SHA_1'
        const answer = await kms.encrypt({ KeyId, Plaintext: bytes('secret'), EncryptionAlgorithm })
        expect(answer.EncryptionAlgorithm).toBe(EncryptionAlgorithm)
        const { CiphertextBlob } = answer
        const { Plaintext } = await setup.decrypt({ KeyId, CiphertextBlob, EncryptionAlgorithm })
        expect(Plaintext).toEqual(bytes('secret'))
      },
    },
  },

  errors: {
    ValidationException: [
      {
        when: 'the plaintext is longer than RSA takes',
        provoke: async ({ setup }) => ({
          input: {
            KeyId: await createKey(setup, RSA_ENCRYPTION),
            Plaintext: new Uint8Array(191),
            EncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
          },
          message: 'Algorithm RSAES_OAEP_SHA_256 and key spec RSA_2048 cannot encrypt data larger than 190 bytes.',
        }),
      },
      {
        when: 'an RSA key is to authenticate an encryption context',
        provoke: async ({ setup }) => ({
          input: {
            KeyId: await createKey(setup, RSA_ENCRYPTION),
            Plaintext: bytes('secret'),
            EncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
            EncryptionContext: { tenant: 'a' },
          },
          message: 'EncryptionContext is valid only for symmetric encryption KMS keys.',
        }),
      },
    ],
  },
}
