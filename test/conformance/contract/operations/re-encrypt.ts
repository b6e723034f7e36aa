import { expect } from 'vitest'
import type { EncryptRequest } from '@softkms/kms'
import type { Contract } from '../contract.ts'
import { NOBODY, policiesOfNobody } from '../derived-errors.ts'
import type { World } from '../world.ts'
import { RSA_ENCRYPTION, bytes, createKey, damage } from './scenes.ts'

const Plaintext = bytes('secret')
const CONTEXT = { tenant: 'a' }
const RSA_ALGORITHM = 'RSAES_OAEP_SHA_256'

async function request(world: World) {
  return seal(world, {})
}

/** @returns what ReEncrypt is asked for what Encrypt has answered, with another key to go to */
async function seal({ setup }: World, members: Partial<EncryptRequest>) {
  const SourceKeyId = members.KeyId ?? (await createKey(setup))
  const { CiphertextBlob } = await setup.encrypt({ KeyId: SourceKeyId, Plaintext, ...members })
  return { SourceKeyId, CiphertextBlob, DestinationKeyId: await createKey(setup) }
}

async function sealByRsa(world: World) {
  const KeyId = await createKey(world.setup, RSA_ENCRYPTION)
  return seal(world, { KeyId, EncryptionAlgorithm: RSA_ALGORITHM })
}

async function toRsa(world: World, members: Partial<EncryptRequest> = {}) {
  return {
    ...(await seal(world, members)),
    DestinationKeyId: await createKey(world.setup, RSA_ENCRYPTION),
    DestinationEncryptionAlgorithm: RSA_ALGORITHM,
  } as const
}

export const reEncrypt: Contract<'ReEncrypt'> = {
  operation: 'ReEncrypt',
  request,

  members: {
    CiphertextBlob: {
      does: 'is what the destination key encrypts',
      async test(world) {
        const { CiphertextBlob } = await world.kms.reEncrypt(await request(world))
        expect((await world.setup.decrypt({ CiphertextBlob })).Plaintext).toEqual(Plaintext)
      },
    },
    SourceEncryptionContext: {
      does: 'is the one that Encrypt was given',
      async test(world) {
        const sealed = await seal(world, { EncryptionContext: CONTEXT })
        const { CiphertextBlob } = await world.kms.reEncrypt({ ...sealed, SourceEncryptionContext: CONTEXT })
        expect((await world.setup.decrypt({ CiphertextBlob })).Plaintext).toEqual(Plaintext)
      },
    },
    DestinationEncryptionContext: {
      does: 'is asked of Decrypt again',
      async test(world) {
        const input = { ...(await request(world)), DestinationEncryptionContext: CONTEXT }
        const { CiphertextBlob } = await world.kms.reEncrypt(input)
        const opened = await world.setup.decrypt({ CiphertextBlob, EncryptionContext: CONTEXT })
        expect(opened.Plaintext).toEqual(Plaintext)
      },
    },
    SourceEncryptionAlgorithm: {
      does: 'is the one by which an RSA key has encrypted',
      async test(world) {
        const input = { ...(await sealByRsa(world)), SourceEncryptionAlgorithm: RSA_ALGORITHM } as const
        const { CiphertextBlob } = await world.kms.reEncrypt(input)
        expect((await world.setup.decrypt({ CiphertextBlob })).Plaintext).toEqual(Plaintext)
      },
    },
    DestinationEncryptionAlgorithm: {
      does: 'is the one by which an RSA key encrypts',
      async test(world) {
        const input = await toRsa(world)
        const { KeyId, CiphertextBlob } = await world.kms.reEncrypt(input)
        const opened = await world.setup.decrypt({ KeyId, CiphertextBlob, EncryptionAlgorithm: RSA_ALGORITHM })
        expect(opened.Plaintext).toEqual(Plaintext)
      },
    },
  },

  errors: {
    AccessDeniedException: {
      when: 'no policy allows it for the key that the ciphertext names',
      options: { identityPolicies: policiesOfNobody() },
      async provoke(world) {
        const { CiphertextBlob, DestinationKeyId } = await request(world)
        return {
          input: { CiphertextBlob, DestinationKeyId },
          by: world.sdkFor(world.setup.as(NOBODY)),
          message:
            `User: ${NOBODY} is not authorized to perform: kms:ReEncryptFrom on the resource associated with this ` +
            'ciphertext because no identity-based policy allows the kms:ReEncryptFrom action',
        }
      },
    },
    IncorrectKeyException: {
      when: 'another key has encrypted it',
      provoke: async (world) => ({
        input: { ...(await request(world)), SourceKeyId: await createKey(world.setup) },
        message: 'The key ID in the request does not identify a CMK that can perform this operation.',
      }),
    },
    InvalidCiphertextException: [
      {
        when: 'the ciphertext is damaged',
        async provoke(world) {
          const input = await request(world)
          return { input: { ...input, CiphertextBlob: damage(input.CiphertextBlob) } }
        },
      },
      {
        when: 'the encryption context is another',
        provoke: async (world) => ({ input: { ...(await request(world)), SourceEncryptionContext: CONTEXT } }),
      },
      {
        when: 'an RSA key has encrypted by another algorithm',
        provoke: async (world) => ({
          input: { ...(await sealByRsa(world)), SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_1' },
        }),
      },
    ],
    ValidationException: [
      {
        when: 'CiphertextBlob is missing',
        async provoke(world) {
          const { DestinationKeyId } = await request(world)
          return { input: { DestinationKeyId }, message: 'CiphertextBlob is required.' }
        },
      },
      {
        when: 'nothing tells the key of an RSA ciphertext',
        async provoke(world) {
          const { CiphertextBlob, DestinationKeyId } = await sealByRsa(world)
          const input = { CiphertextBlob, DestinationKeyId, SourceEncryptionAlgorithm: RSA_ALGORITHM } as const
          return { input, message: 'SourceKeyId is required.' }
        },
      },
      {
        when: 'nothing tells the key of a dry run without ciphertext',
        async provoke(world) {
          const { DestinationKeyId } = await request(world)
          const input = { DestinationKeyId, DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT' as const] }
          return { input, message: 'SourceKeyId is required.' }
        },
      },
      {
        when: 'the plaintext is longer than RSA takes',
        provoke: async (world) => ({
          input: await toRsa(world, { Plaintext: new Uint8Array(191) }),
          message: 'Algorithm RSAES_OAEP_SHA_256 and key spec RSA_2048 cannot encrypt data larger than 190 bytes.',
        }),
      },
      {
        when: 'an RSA key is to authenticate an encryption context',
        provoke: async (world) => ({
          input: { ...(await toRsa(world)), DestinationEncryptionContext: CONTEXT },
          message: 'EncryptionContext is valid only for symmetric encryption KMS keys.',
        }),
      },
    ],
  },
}
