/** What the operations that give data keys and data key pairs share. */
import { createPublicKey } from 'node:crypto'
import { expect } from 'vitest'
import type { ErrorCase, MemberCase } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import { send } from '../send.ts'
import { IN_CHINA, RSA_ENCRYPTION, createKey } from './scenes.ts'

type DataKeyOperation = 'GenerateDataKey' | 'GenerateDataKeyWithoutPlaintext'
type DataKeyPairOperation = 'GenerateDataKeyPair' | 'GenerateDataKeyPairWithoutPlaintext'

/** The members that say how long a data key is. */
export function sizeMembers(operation: DataKeyOperation): Record<'KeySpec' | 'NumberOfBytes', MemberCase> {
  return {
    KeySpec: sizes(operation, 'tells how long the data key is', { KeySpec: 'AES_128' }, 16),
    NumberOfBytes: sizes(operation, 'is how long the data key is', { NumberOfBytes: 7 }, 7),
  }
}

function sizes(operation: DataKeyOperation, does: string, size: object, length: number): MemberCase {
  return {
    does,
    async test({ kms, setup }) {
      const answer = await send(kms, operation, { KeyId: await createKey(setup), ...size })
      const { CiphertextBlob } = answer as { readonly CiphertextBlob?: Uint8Array }
      expect((await setup.decrypt({ CiphertextBlob })).Plaintext).toHaveLength(length)
    },
  }
}

export const SIZE_REFUSALS: readonly ErrorCase<{ KeyId: string; KeySpec?: 'AES_256'; NumberOfBytes?: number }>[] = [
  {
    when: 'neither KeySpec nor NumberOfBytes is there',
    provoke: async ({ setup }) => ({
      input: { KeyId: await createKey(setup) },
      message: 'Please specify either number of bytes or key spec.',
    }),
  },
  {
    when: 'both KeySpec and NumberOfBytes are there',
    provoke: async ({ setup }) => ({
      input: { KeyId: await createKey(setup), KeySpec: 'AES_256', NumberOfBytes: 32 },
      message: 'Please specify either number of bytes or key spec.',
    }),
  },
]

export function pairSpecMember(operation: DataKeyPairOperation): MemberCase {
  return {
    does: 'is the kind of key pair',
    async test({ kms, setup }) {
      const answer = await send(kms, operation, { KeyId: await createKey(setup), KeyPairSpec: 'ECC_NIST_P384' })
      const { PublicKey = new Uint8Array(0) } = answer as { readonly PublicKey?: Uint8Array }
      const publicKey = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
      expect(publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'secp384r1' })
    },
  }
}

export const UNKNOWN_PAIRS: readonly ErrorCase<{ KeyId: string; KeyPairSpec: 'SM2' | 'ML_KEM_512' }>[] = [
  {
    when: 'there are no such pairs in this Region',
    provoke: async ({ setup }) => ({
      input: { KeyId: await createKey(setup), KeyPairSpec: 'SM2' },
      message: 'KeyPairSpec SM2 is not supported in this Region.',
    }),
  },
  {
    when: 'there are no such pairs in China',
    provoke: async ({ setup, sdkFor }) => ({
      input: { KeyId: await createKey(setup.inRegion(IN_CHINA)), KeyPairSpec: 'ML_KEM_512' },
      by: sdkFor(setup.inRegion(IN_CHINA), IN_CHINA),
      message: 'KeyPairSpec ML_KEM_512 is not supported in this Region.',
    }),
  },
]

/** @param members what the request has besides its key */
export function asymmetricKey<Members extends object>(
  operation: DataKeyOperation | DataKeyPairOperation,
  members: Members,
): ErrorCase<Members & { KeyId: string }> {
  return {
    when: 'the key is asymmetric',
    async provoke({ setup }) {
      const KeyId = await createKey(setup, RSA_ENCRYPTION)
      const message = `${arnOf(KeyId)} key spec is RSA_2048 which is not valid for ${operation}.`
      return { input: { ...members, KeyId }, message }
    },
  }
}
