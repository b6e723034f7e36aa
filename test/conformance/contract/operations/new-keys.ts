/** What CreateKey and ReplicateKey have in common: members that the new key keeps, and how they are refused. */
import type { Kms } from 'softkms'
import { expect } from 'vitest'
import { ACCOUNT } from '../../../support/kms-fixture.ts'
import type { ErrorCase, MemberCase } from '../contract.ts'
import type { World } from '../world.ts'
import { LOCKED, POLICY } from './scenes.ts'

const TAGS = [{ TagKey: 'team', TagValue: 'a' }]

/** Makes a key with what is given, and says how it is read. */
export type MakeKey = (world: World, rest: object) => Promise<{ readonly there: Kms; readonly KeyId: string }>
/** A request for a new key with what is given. */
export type RequestKey<Input> = (world: World, rest: object) => Promise<Input>

export function membersOfNewKeys(make: MakeKey): Readonly<Record<string, MemberCase>> {
  const tags: MemberCase = {
    does: 'is what ListResourceTags answers',
    async test(world) {
      const { there, KeyId } = await make(world, { Tags: TAGS })
      expect((await there.listResourceTags({ KeyId })).Tags).toEqual(TAGS)
    },
  }
  return {
    Policy: {
      does: 'is what GetKeyPolicy answers',
      async test(world) {
        const { there, KeyId } = await make(world, { Policy: POLICY })
        expect((await there.getKeyPolicy({ KeyId })).Policy).toBe(POLICY)
      },
    },
    Description: {
      does: 'is what DescribeKey answers',
      async test(world) {
        const { there, KeyId } = await make(world, { Description: 'new' })
        expect((await there.describeKey({ KeyId })).KeyMetadata?.Description).toBe('new')
      },
    },
    BypassPolicyLockoutSafetyCheck: {
      does: 'lets a policy through that locks everybody out',
      async test(world) {
        const { KeyId } = await make(world, { Policy: LOCKED, BypassPolicyLockoutSafetyCheck: true })
        expect(KeyId).toBeTypeOf('string')
      },
    },
    Tags: tags,
    'Tags[].TagKey': tags,
    'Tags[].TagValue': tags,
  }
}

export function errorsOfNewKeys<Input extends object>(
  request: RequestKey<Input>,
): {
  readonly policyTooLong: ErrorCase<Input>
  readonly malformedPolicy: readonly ErrorCase<Input>[]
  readonly tags: readonly ErrorCase<Input>[]
} {
  const refused = (when: string, rest: object, message: string): ErrorCase<Input> => ({
    when,
    provoke: async (world) => ({ input: await request(world, rest), message }),
  })
  const tagged = (...keys: readonly string[]): object => ({ Tags: keys.map((TagKey) => ({ TagKey, TagValue: '' })) })
  return {
    policyTooLong: refused(
      'the policy is longer than 32 KiB',
      { Policy: POLICY + ' '.repeat(32_768) },
      'The policy is longer than 32768 bytes.',
    ),
    malformedPolicy: [
      refused('the policy is no JSON', { Policy: '{' }, 'The new key policy is not valid JSON.'),
      refused(
        'the policy names a principal that is none',
        { Policy: POLICY.replace(ACCOUNT, 'nobody') },
        'Policy contains a statement with one or more invalid principals.',
      ),
      refused(
        'the policy locks everybody out',
        { Policy: LOCKED },
        'The new key policy will not allow you to update the key policy in the future.',
      ),
    ],
    tags: [
      refused('a tag key is reserved', tagged('aws:team'), 'Tags beginning with aws: are reserved'),
      refused('a tag key is there twice', tagged('team', 'team'), 'Duplicate tag keys'),
      refused(
        'there are more than 50 tags',
        tagged(...Array.from({ length: 51 }, (_, i) => `tag-${i}`)),
        'Too many tags',
      ),
    ],
  }
}
