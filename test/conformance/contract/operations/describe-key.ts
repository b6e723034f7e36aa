import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export const describeKey: Contract<'DescribeKey'> = {
  operation: 'DescribeKey',
  request: async ({ setup }) => ({ KeyId: await createKey(setup) }),

  members: {},

  errors: {},
}
