import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto'
import { expect } from 'vitest'
import type { Kms } from 'softkms'
import type { Contract } from '../contract.ts'
import { bytes, createKey } from './scenes.ts'

const KeyAgreementAlgorithm = 'ECDH'

async function createAgreementKey(setup: Kms): Promise<string> {
  return createKey(setup, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
}

/** Whoever is at the other end, with a key of node's. */
function createPeer(namedCurve = 'P-256') {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve })
  return { privateKey, PublicKey: Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' })) }
}

export const deriveSharedSecret: Contract<'DeriveSharedSecret'> = {
  operation: 'DeriveSharedSecret',
  request: async ({ setup }) => ({
    KeyId: await createAgreementKey(setup),
    KeyAgreementAlgorithm,
    PublicKey: createPeer().PublicKey,
  }),

  members: {
    PublicKey: {
      does: 'is of the peer, who finds the same secret',
      async test({ kms, setup }) {
        const KeyId = await createAgreementKey(setup)
        const { privateKey, PublicKey } = createPeer()
        const { SharedSecret } = await kms.deriveSharedSecret({ KeyId, KeyAgreementAlgorithm, PublicKey })
        const ours = await setup.getPublicKey({ KeyId })
        const publicKey = createPublicKey({ key: Buffer.from(ours.PublicKey ?? []), format: 'der', type: 'spki' })
        expect(SharedSecret).toEqual(Uint8Array.from(diffieHellman({ privateKey, publicKey })))
      },
    },
  },

  errors: {
    ValidationException: [
      {
        when: "the peer's key is none",
        provoke: async ({ setup }) => ({
          input: { KeyId: await createAgreementKey(setup), KeyAgreementAlgorithm, PublicKey: bytes('none') },
        }),
      },
      {
        when: "the peer's key is on another curve",
        provoke: async ({ setup }) => ({
          input: {
            KeyId: await createAgreementKey(setup),
            KeyAgreementAlgorithm,
            PublicKey: createPeer('P-384').PublicKey,
          },
        }),
      },
    ],
  },
}
