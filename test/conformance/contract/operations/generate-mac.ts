import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import type { World } from '../world.ts'
import { MacAlgorithm, createMacKey } from './macs.ts'
import { refusedWith } from './refused-with.ts'
import { bytes } from './scenes.ts'

async function request({ setup }: World) {
  return { KeyId: await createMacKey(setup), Message: bytes('message'), MacAlgorithm } as const
}

export const generateMac: Contract<'GenerateMac'> = {
  operation: 'GenerateMac',
  request,

  members: {
    Message: {
      does: 'is what VerifyMac asks for',
      async test(world) {
        const input = await request(world)
        const { Mac } = await world.kms.generateMac(input)
        expect((await world.setup.verifyMac({ ...input, Mac })).MacValid).toBe(true)
      },
    },
    MacAlgorithm: refusedWith('GenerateMac', request)(
      'must be the one that the key has',
      { MacAlgorithm: 'HMAC_SHA_512' },
      'InvalidKeyUsageException',
    ),
  },

  errors: {},
}
