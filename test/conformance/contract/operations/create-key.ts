import type { CreateKeyRequest, KeyMetadata } from '@softkms/kms'
import { expect } from 'vitest'
import type { Contract, MemberCase } from '../contract.ts'
import { errorsOfNewKeys, membersOfNewKeys } from './new-keys.ts'
import { IN_CHINA, createKey as createAnother } from './scenes.ts'

const CustomKeyStoreId = 'cks-1234567890abcdef0'
const { policyTooLong, malformedPolicy, tags } = errorsOfNewKeys<CreateKeyRequest>(async (_world, rest) => rest)

function isDescribed(request: object, metadata: KeyMetadata): MemberCase {
  return {
    does: 'is what DescribeKey answers',
    async test({ kms, setup }) {
      const created = await kms.createKey(request)
      const { KeyMetadata: described } = await setup.describeKey({ KeyId: created.KeyMetadata?.KeyId ?? '' })
      expect(described).toMatchObject(metadata)
    },
  }
}

const IN_KEY_STORE: MemberCase = {
  does: 'is looked for, and not found',
  async test({ kms }) {
    const request = { Origin: 'EXTERNAL_KEY_STORE', CustomKeyStoreId, XksKeyId: 'key-1' } as const
    const name = 'CustomKeyStoreNotFoundException'
    await expect(kms.createKey(request)).rejects.toMatchObject({ name })
  },
}

export const createKey: Contract<'CreateKey'> = {
  operation: 'CreateKey',
  request: async () => ({}),

  members: {
    ...membersOfNewKeys(async ({ kms, setup }, rest) => {
      const { KeyMetadata } = await kms.createKey(rest)
      return { there: setup, KeyId: KeyMetadata?.KeyId ?? '' }
    }),
    KeyUsage: isDescribed({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }, { KeyUsage: 'SIGN_VERIFY' } as KeyMetadata),
    CustomerMasterKeySpec: isDescribed({ CustomerMasterKeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }, {
      CustomerMasterKeySpec: 'ECC_NIST_P256',
      KeySpec: 'ECC_NIST_P256',
    } as KeyMetadata),
    KeySpec: isDescribed({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }, {
      CustomerMasterKeySpec: 'ECC_NIST_P256',
      KeySpec: 'ECC_NIST_P256',
    } as KeyMetadata),
    Origin: isDescribed({ Origin: 'EXTERNAL' }, { Origin: 'EXTERNAL', KeyState: 'PendingImport' } as KeyMetadata),
    CustomKeyStoreId: IN_KEY_STORE,
    MultiRegion: isDescribed({ MultiRegion: true }, { MultiRegion: true } as KeyMetadata),
    XksKeyId: IN_KEY_STORE,
  },

  errors: {
    CustomKeyStoreNotFoundException: {
      when: 'there is no such custom key store',
      provoke: async () => ({
        input: { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId },
        message: `Custom key store ${CustomKeyStoreId} is not found.`,
      }),
    },
    InvalidArnException: { never: 'the request has no ARN' },
    LimitExceededException: [
      policyTooLong,
      {
        when: 'the account has as many keys as it may have',
        options: { keysPerRegion: 1 },
        async provoke({ setup }) {
          await createAnother(setup)
          return {
            input: {},
            message: 'Key quota for this account in this region is 1 but the current usage is 1.',
          }
        },
      },
    ],
    MalformedPolicyDocumentException: malformedPolicy,
    TagException: tags,
    UnsupportedOperationException: [
      {
        when: 'the key spec is not there in the Region',
        provoke: async () => ({
          input: { KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' },
          message: 'KeySpec SM2 is not supported in this Region.',
        }),
      },
      {
        when: 'the key spec is not there in China',
        provoke: async ({ setup, sdkFor }) => ({
          input: { KeySpec: 'ML_KEM_768', KeyUsage: 'ENCAPSULATE_DECAPSULATE' },
          by: sdkFor(setup.inRegion(IN_CHINA), IN_CHINA),
          message: 'KeySpec ML_KEM_768 is not supported in this Region.',
        }),
      },
    ],
    ValidationException: [
      {
        when: 'the key spec is there twice',
        provoke: async () => ({
          input: { KeySpec: 'SYMMETRIC_DEFAULT', CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' },
          message:
            'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. ' +
            'CustomerMasterKeySpec is deprecated.',
        }),
      },
      {
        when: 'nobody can import material of the key spec',
        provoke: async () => ({
          input: { KeySpec: 'ML_DSA_44', KeyUsage: 'SIGN_VERIFY', Origin: 'EXTERNAL' },
          message: 'KeySpec ML_DSA_44 is not supported for Origin EXTERNAL',
        }),
      },
      {
        when: 'a custom key store is named for a key that is in none',
        provoke: async () => ({
          input: { CustomKeyStoreId },
          message: 'CustomKeyStoreId is valid only with Origin AWS_CLOUDHSM or EXTERNAL_KEY_STORE.',
        }),
      },
      {
        when: 'no custom key store is named for a key that is in one',
        provoke: async () => ({
          input: { Origin: 'AWS_CLOUDHSM' },
          message: 'CustomKeyStoreId is required for Origin AWS_CLOUDHSM.',
        }),
      },
      {
        when: 'the usage is left out',
        provoke: async () => ({
          input: { KeySpec: 'RSA_2048' },
          message: 'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
        }),
      },
      {
        when: 'the usage does not go with the key spec',
        provoke: async () => ({
          input: { KeySpec: 'HMAC_256', KeyUsage: 'SIGN_VERIFY' },
          message: 'KeyUsage SIGN_VERIFY is not compatible with KeySpec HMAC_256',
        }),
      },
    ],
  },
}
