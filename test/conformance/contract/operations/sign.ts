import { constants, createPublicKey, verify } from 'node:crypto'
import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import type { World } from '../world.ts'
import { RSA_SIGNING, createKey } from './scenes.ts'
import { DIGEST, Message, SigningAlgorithm, createSigningKey, messageRefusals } from './signatures.ts'

async function request({ setup }: World) {
  return { KeyId: await createSigningKey(setup), Message, SigningAlgorithm } as const
}

export const sign: Contract<'Sign'> = {
  operation: 'Sign',
  request,

  members: {
    Message: {
      does: 'is what the signature is of',
      async test(world) {
        const input = await request(world)
        const { Signature } = await world.kms.sign(input)
        expect((await world.setup.verify({ ...input, Signature })).SignatureValid).toBe(true)
      },
    },
    MessageType: {
      does: 'tells a digest from a message',
      async test(world) {
        const input = await request(world)
        const { Signature } = await world.kms.sign({ ...input, Message: DIGEST, MessageType: 'DIGEST' })
        expect((await world.setup.verify({ ...input, Signature })).SignatureValid).toBe(true)
      },
    },
    SigningAlgorithm: {
      does: 'is the one of the signature',
      async test({ kms, setup }) {
        const KeyId = await createKey(setup, RSA_SIGNING)
        const { PublicKey = new Uint8Array(0) } = await setup.getPublicKey({ KeyId })
        const answer = await kms.sign({ KeyId, Message, SigningAlgorithm: 'RSASSA_PSS_SHA_384' })
        expect(answer.SigningAlgorithm).toBe('RSASSA_PSS_SHA_384')
        const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
        const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
        expect(verify('sha384', Message, pss, answer.Signature ?? new Uint8Array(0))).toBe(true)
      },
    },
  },

  errors: {
    ValidationException: messageRefusals(request),
  },
}
