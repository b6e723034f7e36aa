import { expect } from 'vitest'
import type { Contract, MemberCase } from '../contract.ts'
import { createKey } from './scenes.ts'

const TAGS: MemberCase = {
  does: 'is what ListResourceTags answers',
  async test({ kms, setup }) {
    const KeyId = await createKey(setup)
    const Tags = [{ TagKey: 'team', TagValue: 'a' }]
    await kms.tagResource({ KeyId, Tags })
    expect((await setup.listResourceTags({ KeyId })).Tags).toEqual(Tags)
  },
}

export const tagResource: Contract<'TagResource'> = {
  operation: 'TagResource',
  request: async ({ setup }) => ({ KeyId: await createKey(setup), Tags: [{ TagKey: 'team', TagValue: 'a' }] }),

  members: {
    Tags: TAGS,
    'Tags[].TagKey': TAGS,
    'Tags[].TagValue': TAGS,
  },

  errors: {
    LimitExceededException: { never: 'too many tags are a TagException' },
    TagException: [
      {
        when: 'a tag key is reserved',
        provoke: async ({ setup }) => ({
          input: { KeyId: await createKey(setup), Tags: [{ TagKey: 'AWS:team', TagValue: 'a' }] },
          message: 'Tags beginning with aws: are reserved',
        }),
      },
      {
        when: 'a tag key is there twice',
        provoke: async ({ setup }) => ({
          input: {
            KeyId: await createKey(setup),
            Tags: [
              { TagKey: 'team', TagValue: 'a' },
              { TagKey: 'team', TagValue: 'b' },
            ],
          },
          message: 'Duplicate tag keys',
        }),
      },
      {
        when: 'the key would have more than 50 tags',
        async provoke({ setup }) {
          const Tags = Array.from({ length: 50 }, (_, number) => ({ TagKey: `tag-${number}`, TagValue: '' }))
          const KeyId = await createKey(setup, { Tags })
          return { input: { KeyId, Tags: [{ TagKey: 'one-more', TagValue: '' }] }, message: 'Too many tags' }
        },
      },
    ],
  },
}
