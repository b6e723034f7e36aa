import type { Contract } from '../contract.ts'
import type { World } from '../world.ts'
import { MacAlgorithm, createMacKey } from './macs.ts'
import { refusedWith } from './refused-with.ts'
import { bytes, damage } from './scenes.ts'

const Message = bytes('message')

async function request({ setup }: World) {
  const KeyId = await createMacKey(setup)
  const { Mac } = await setup.generateMac({ KeyId, Message, MacAlgorithm })
  return { KeyId, Message, Mac, MacAlgorithm } as const
}

const refused = refusedWith('VerifyMac', request)

export const verifyMac: Contract<'VerifyMac'> = {
  operation: 'VerifyMac',
  request,

  members: {
    Message: refused('is what the MAC is of', { Message: bytes('other') }, 'KMSInvalidMacException'),
    Mac: refused('is the MAC that is verified', { Mac: bytes('other') }, 'KMSInvalidMacException'),
    MacAlgorithm: refused(
      'must be the one that the key has',
      { MacAlgorithm: 'HMAC_SHA_512' },
      'InvalidKeyUsageException',
    ),
  },

  errors: {
    KMSInvalidMacException: [
      {
        when: 'the MAC is of another message',
        provoke: async (world) => ({ input: { ...(await request(world)), Message: bytes('other') } }),
      },
      {
        when: 'the MAC is damaged',
        async provoke(world) {
          const input = await request(world)
          return { input: { ...input, Mac: damage(input.Mac) } }
        },
      },
    ],
  },
}
