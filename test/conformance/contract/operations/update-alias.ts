import { expect } from 'vitest'
import { ACCOUNT } from '../../../support/kms-fixture.ts'
import type { Contract } from '../contract.ts'
import { REGION } from '../world.ts'
import { createKey } from './scenes.ts'

const AliasName = 'alias/there'
const ALIAS_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:${AliasName}`

export const updateAlias: Contract<'UpdateAlias'> = {
  operation: 'UpdateAlias',
  request: async ({ setup }) => {
    await setup.createAlias({ AliasName, TargetKeyId: await createKey(setup) })
    return { AliasName, TargetKeyId: await createKey(setup) }
  },

  members: {
    AliasName: {
      does: 'is the name that points elsewhere from now on',
      async test({ kms, setup }) {
        await setup.createAlias({ AliasName, TargetKeyId: await createKey(setup) })
        const TargetKeyId = await createKey(setup)
        await kms.updateAlias({ AliasName, TargetKeyId })
        expect((await setup.describeKey({ KeyId: AliasName })).KeyMetadata?.KeyId).toBe(TargetKeyId)
      },
    },
  },

  errors: {
    InvalidAliasNameException: {
      when: 'the name has a colon',
      provoke: async ({ setup }) => ({
        input: { AliasName: 'alias/a:b', TargetKeyId: await createKey(setup) },
        message: 'alias/a:b contains invalid characters for an alias',
      }),
    },
    LimitExceededException: {
      when: 'the new key has as many aliases as a key may have',
      options: { aliasesPerKey: 1 },
      async provoke({ setup }) {
        await setup.createAlias({ AliasName, TargetKeyId: await createKey(setup) })
        const TargetKeyId = await createKey(setup)
        await setup.createAlias({ AliasName: 'alias/first', TargetKeyId })
        return {
          input: { AliasName, TargetKeyId },
          message: 'Aliases per key quota for this account in this region is 1, current usage is 1.',
        }
      },
    },
    NotAuthorizedException: {
      when: 'the prefix belongs to AWS',
      provoke: async ({ setup }) => ({
        input: { AliasName: 'alias/aws/mine', TargetKeyId: await createKey(setup) },
      }),
    },
    NotFoundException: {
      when: 'there is no such alias',
      provoke: async ({ setup }) => ({
        input: { AliasName, TargetKeyId: await createKey(setup) },
        message: `Alias ${ALIAS_ARN} is not found.`,
      }),
    },
    ValidationException: [
      {
        when: 'the target is named by an alias',
        provoke: async () => ({
          input: { AliasName, TargetKeyId: 'alias/there' },
          message: 'Aliases must refer to keys. Not aliases',
        }),
      },
      {
        when: 'the new key has another usage',
        async provoke({ setup }) {
          await setup.createAlias({ AliasName, TargetKeyId: await createKey(setup) })
          const TargetKeyId = await createKey(setup, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
          return {
            input: { AliasName, TargetKeyId },
            message:
              `Alias ${ALIAS_ARN} cannot be changed from a CMK with key type SYMMETRIC ` +
              'to a CMK with key type ASYMMETRIC',
          }
        },
      },
      {
        when: 'the new key has the same usage and is of another type',
        async provoke({ setup }) {
          await setup.createAlias({ AliasName, TargetKeyId: await createKey(setup) })
          const TargetKeyId = await createKey(setup, { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' })
          return {
            input: { AliasName, TargetKeyId },
            message:
              `Alias ${ALIAS_ARN} cannot be changed from a CMK with key type SYMMETRIC ` +
              'to a CMK with key type ASYMMETRIC',
          }
        },
      },
    ],
  },
}
