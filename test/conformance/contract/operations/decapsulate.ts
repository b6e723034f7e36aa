import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { bytes } from './scenes.ts'
import { createEncapsulationKey } from './encapsulate.ts'

const EncapsulationAlgorithm = 'ML_KEM'

export const decapsulate: Contract<'Decapsulate'> = {
  operation: 'Decapsulate',
  request: async ({ setup }) => {
    const KeyId = await createEncapsulationKey(setup)
    const { SharedSecretCiphertextBlob } = await setup.encapsulate({ KeyId, EncapsulationAlgorithm })
    return { KeyId, SharedSecretCiphertextBlob, EncapsulationAlgorithm }
  },

  members: {
    SharedSecretCiphertextBlob: {
      does: 'carries the secret that Encapsulate answered',
      async test({ kms, setup }) {
        const KeyId = await createEncapsulationKey(setup)
        const sent = await setup.encapsulate({ KeyId, EncapsulationAlgorithm })
        const { SharedSecretCiphertextBlob } = sent
        const { SharedSecret } = await kms.decapsulate({ KeyId, SharedSecretCiphertextBlob, EncapsulationAlgorithm })
        expect(SharedSecret).toEqual(sent.SharedSecret)
      },
    },
  },

  errors: {
    InvalidCiphertextException: {
      when: 'the ciphertext is of another length',
      provoke: async ({ setup }) => ({
        input: {
          KeyId: await createEncapsulationKey(setup),
          SharedSecretCiphertextBlob: bytes('short'),
          EncapsulationAlgorithm,
        },
      }),
    },
  },
}
