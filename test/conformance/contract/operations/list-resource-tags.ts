import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export const listResourceTags: Contract<'ListResourceTags'> = {
  operation: 'ListResourceTags',
  request: async ({ setup }) => ({
    KeyId: await createKey(setup, {
      Tags: [
        { TagKey: 'a', TagValue: '1' },
        { TagKey: 'b', TagValue: '2' },
      ],
    }),
  }),

  members: {},

  errors: {},
}
