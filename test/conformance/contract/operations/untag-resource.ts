import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export const untagResource: Contract<'UntagResource'> = {
  operation: 'UntagResource',
  request: async ({ setup }) => ({ KeyId: await createKey(setup), TagKeys: ['team'] }),

  members: {
    TagKeys: {
      does: 'are the tags that go',
      async test({ kms, setup }) {
        const Tags = [
          { TagKey: 'team', TagValue: 'a' },
          { TagKey: 'stage', TagValue: 'b' },
        ]
        const KeyId = await createKey(setup, { Tags })
        await kms.untagResource({ KeyId, TagKeys: ['team'] })
        expect((await setup.listResourceTags({ KeyId })).Tags).toEqual([{ TagKey: 'stage', TagValue: 'b' }])
      },
    },
  },

  errors: {
    TagException: {
      when: 'a tag key is reserved',
      provoke: async ({ setup }) => ({
        input: { KeyId: await createKey(setup), TagKeys: ['aws:team'] },
        message: 'Tags beginning with aws: are reserved',
      }),
    },
  },
}
