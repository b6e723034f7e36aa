import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { LOCKED, POLICY, createKey } from './scenes.ts'

export const putKeyPolicy: Contract<'PutKeyPolicy'> = {
  operation: 'PutKeyPolicy',
  request: async ({ setup }) => ({ KeyId: await createKey(setup), Policy: POLICY }),

  members: {
    PolicyName: {
      does: 'can only be default',
      async test({ kms, setup }) {
        const KeyId = await createKey(setup)
        const other = kms.putKeyPolicy({ KeyId, Policy: POLICY, PolicyName: 'other' })
        await expect(other).rejects.toMatchObject({ name: 'NotFoundException', message: 'No such policy exists' })
      },
    },
    Policy: {
      does: 'is what GetKeyPolicy answers',
      async test({ kms, setup }) {
        const KeyId = await createKey(setup)
        await kms.putKeyPolicy({ KeyId, Policy: POLICY })
        expect((await setup.getKeyPolicy({ KeyId })).Policy).toBe(POLICY)
      },
    },
    BypassPolicyLockoutSafetyCheck: {
      does: 'lets a policy through that locks everybody out',
      async test({ kms, setup }) {
        const KeyId = await createKey(setup)
        await kms.putKeyPolicy({ KeyId, Policy: LOCKED, BypassPolicyLockoutSafetyCheck: true })
        const { PolicyNames } = await setup.listKeyPolicies({ KeyId }).catch(() => ({ PolicyNames: 'denied' }))
        expect(PolicyNames).toBe('denied')
      },
    },
  },

  errors: {
    LimitExceededException: {
      when: 'the policy is longer than 32 KiB',
      provoke: async ({ setup }) => ({
        input: { KeyId: await createKey(setup), Policy: POLICY + ' '.repeat(32_768) },
        message: 'The policy is longer than 32768 bytes.',
      }),
    },
    MalformedPolicyDocumentException: [
      {
        when: 'the policy is no JSON',
        provoke: async ({ setup }) => ({
          input: { KeyId: await createKey(setup), Policy: '{' },
          message: 'The new key policy is not valid JSON.',
        }),
      },
      {
        when: 'the policy locks everybody out',
        provoke: async ({ setup }) => ({
          input: { KeyId: await createKey(setup), Policy: LOCKED },
          message: 'The new key policy will not allow you to update the key policy in the future.',
        }),
      },
    ],
    UnsupportedOperationException: { never: 'AWS documents no cause' },
  },
}
