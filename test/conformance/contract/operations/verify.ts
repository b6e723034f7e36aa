import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import type { World } from '../world.ts'
import { refusedWith } from './refused-with.ts'
import { RSA_SIGNING, bytes, createKey, damage } from './scenes.ts'
import { DIGEST, Message, SigningAlgorithm, createSigningKey, messageRefusals } from './signatures.ts'

async function request({ setup }: World) {
  const KeyId = await createSigningKey(setup)
  const { Signature } = await setup.sign({ KeyId, Message, SigningAlgorithm })
  return { KeyId, Message, Signature, SigningAlgorithm } as const
}

const refused = refusedWith('Verify', request)
const INVALID = 'KMSInvalidSignatureException'

export const verify: Contract<'Verify'> = {
  operation: 'Verify',
  request,

  members: {
    Message: refused('is what the signature is of', { Message: bytes('other') }, INVALID),
    Signature: refused('is the signature that is verified', { Signature: bytes('other') }, INVALID),
    MessageType: {
      does: 'tells a digest from a message',
      async test(world) {
        const input = await request(world)
        const { SignatureValid } = await world.kms.verify({ ...input, Message: DIGEST, MessageType: 'DIGEST' })
        expect(SignatureValid).toBe(true)
      },
    },
    SigningAlgorithm: {
      does: 'is the one of the signature',
      async test({ kms, setup }) {
        const input = { KeyId: await createKey(setup, RSA_SIGNING), Message }
        const signed = { ...input, SigningAlgorithm: 'RSASSA_PSS_SHA_256' } as const
        const { Signature } = await setup.sign(signed)
        const other = kms.verify({ ...signed, Signature, SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' })
        await expect(other).rejects.toMatchObject({ name: INVALID })
        expect((await kms.verify({ ...signed, Signature })).SignatureValid).toBe(true)
      },
    },
  },

  errors: {
    KMSInvalidSignatureException: [
      {
        when: 'the signature is of another message',
        provoke: async (world) => ({ input: { ...(await request(world)), Message: bytes('other') } }),
      },
      {
        when: 'the signature is damaged',
        async provoke(world) {
          const input = await request(world)
          return { input: { ...input, Signature: damage(input.Signature) } }
        },
      },
    ],
    ValidationException: messageRefusals(request),
  },
}
