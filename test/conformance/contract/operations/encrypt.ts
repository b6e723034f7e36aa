import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { bytes, createKey } from './scenes.ts'

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
    EncryptionContext: {
      does: 'is asked of Decrypt again',
      async test({ kms, setup }) {
        const EncryptionContext = { tenant: 'a' }
        const KeyId = await createKey(setup)
        const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: bytes('secret'), EncryptionContext })
        expect((await setup.decrypt({ CiphertextBlob, EncryptionContext })).Plaintext).toEqual(bytes('secret'))
      },
    },
    EncryptionAlgorithm: {
      does: 'is the algorithm of an RSA key',
      async test({ kms, setup }) {
        const { KeyMetadata } = await setup.createKey({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' })
        const EncryptionAlgorithm = 'RSAES_OAEP_SHA_1'
        const KeyId = KeyMetadata?.KeyId
        const answer = await kms.encrypt({ KeyId, Plaintext: bytes('secret'), EncryptionAlgorithm })
        expect(answer.EncryptionAlgorithm).toBe(EncryptionAlgorithm)
      },
    },
  },

  errors: {},
}
