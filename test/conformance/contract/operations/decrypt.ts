import { expect } from 'vitest'
import type { EncryptRequest } from '@softkms/kms'
import { OTHER_ACCOUNT } from '../../../support/kms-fixture.ts'
import type { Contract } from '../contract.ts'
import { NOBODY, policiesOfNobody } from '../derived-errors.ts'
import type { World } from '../world.ts'
import { RSA_ENCRYPTION, bytes, createKey, damage } from './scenes.ts'

const Plaintext = bytes('secret')
const EncryptionContext = { tenant: 'a' }
const STRANGER = `arn:aws:iam::${OTHER_ACCOUNT}:root`

async function request(world: World) {
  return seal(world, {})
}

/** @returns what Decrypt is asked for what Encrypt has answered */
async function seal({ setup }: World, members: Partial<EncryptRequest>) {
  const KeyId = members.KeyId ?? (await createKey(setup))
  const { CiphertextBlob } = await setup.encrypt({ KeyId, Plaintext, ...members })
  return { KeyId, CiphertextBlob }
}

async function sealByRsa(world: World) {
  const KeyId = await createKey(world.setup, RSA_ENCRYPTION)
  return seal(world, { KeyId, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' })
}

export const decrypt: Contract<'Decrypt'> = {
  operation: 'Decrypt',
  request,

  members: {
    CiphertextBlob: {
      does: 'is what Encrypt has answered',
      async test(world) {
        const { CiphertextBlob } = await request(world)
        expect((await world.kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(Plaintext)
      },
    },
    EncryptionContext: {
      does: 'is the one that Encrypt was given',
      async test(world) {
        const sealed = await seal(world, { EncryptionContext })
        expect((await world.kms.decrypt({ ...sealed, EncryptionContext })).Plaintext).toEqual(Plaintext)
      },
    },
    EncryptionAlgorithm: {
      does: 'is the one by which an RSA key has encrypted',
      async test(world) {
        const answer = await world.kms.decrypt({
          ...(await sealByRsa(world)),
          EncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
        })
        expect(answer.Plaintext).toEqual(Plaintext)
      },
    },
  },

  errors: {
    AccessDeniedException: [
      {
        when: 'no policy allows it for the key that the ciphertext names',
        options: { identityPolicies: policiesOfNobody() },
        async provoke(world) {
          const { CiphertextBlob } = await request(world)
          return {
            input: { CiphertextBlob },
            by: world.sdkFor(world.setup.as(NOBODY)),
            message:
              `User: ${NOBODY} is not authorized to perform: kms:Decrypt on the resource associated with this ` +
              'ciphertext because no identity-based policy allows the kms:Decrypt action',
          }
        },
      },
      {
        when: "the ciphertext names another account's key",
        async provoke(world) {
          const { CiphertextBlob } = await request(world)
          return {
            input: { CiphertextBlob },
            by: world.sdkFor(world.setup.as(STRANGER)),
            message:
              `User: ${STRANGER} is not authorized to perform: kms:Decrypt on the resource associated with this ` +
              'ciphertext because the resource does not exist in this Region, no resource-based policies allow ' +
              'access, or a resource-based policy explicitly denies access',
          }
        },
      },
    ],
    IncorrectKeyException: {
      when: 'another key has encrypted it',
      provoke: async (world) => ({
        input: { ...(await request(world)), KeyId: await createKey(world.setup) },
        message: 'The key ID in the request does not identify a CMK that can perform this operation.',
      }),
    },
    InvalidCiphertextException: [
      {
        when: 'the ciphertext is none',
        provoke: async () => ({ input: { CiphertextBlob: bytes('none') } }),
      },
      {
        when: 'the ciphertext is damaged',
        async provoke(world) {
          const { KeyId, CiphertextBlob } = await request(world)
          return { input: { KeyId, CiphertextBlob: damage(CiphertextBlob) } }
        },
      },
      {
        when: 'the encryption context is another',
        provoke: async (world) => ({
          input: { ...(await seal(world, { EncryptionContext })), EncryptionContext: { tenant: 'b' } },
        }),
      },
      {
        when: 'an RSA key has encrypted by another algorithm',
        provoke: async (world) => ({
          input: { ...(await sealByRsa(world)), EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' },
        }),
      },
    ],
    ValidationException: [
      {
        when: 'CiphertextBlob is missing',
        provoke: async ({ setup }) => ({
          input: { KeyId: await createKey(setup) },
          message: 'CiphertextBlob is required.',
        }),
      },
      {
        when: 'nothing tells the key of an RSA ciphertext',
        async provoke(world) {
          const { CiphertextBlob } = await sealByRsa(world)
          const input = { CiphertextBlob, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' } as const
          return { input, message: 'KeyId is required.' }
        },
      },
      {
        when: 'nothing tells the key of a dry run without ciphertext',
        provoke: async () => ({
          input: { DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] },
          message: 'KeyId is required.',
        }),
      },
      {
        when: 'an RSA key is to authenticate an encryption context',
        provoke: async (world) => ({
          input: { ...(await sealByRsa(world)), EncryptionAlgorithm: 'RSAES_OAEP_SHA_256', EncryptionContext },
          message: 'EncryptionContext is valid only for symmetric encryption KMS keys.',
        }),
      },
    ],
  },
}
