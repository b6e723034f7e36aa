import { wrapMaterial } from '../../../support/wrap-material.ts'
import type { Contract } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import { createKey } from './scenes.ts'

export const rotateKeyOnDemand: Contract<'RotateKeyOnDemand'> = {
  operation: 'RotateKeyOnDemand',
  request: async ({ setup }) => ({ KeyId: await createKey(setup) }),

  members: {},

  errors: {
    ConflictException: {
      when: 'a rotation is on its way to the replicas',
      options: { replicationMs: 60_000 },
      async provoke({ setup, clock }) {
        const KeyId = await createKey(setup, { MultiRegion: true })
        await setup.replicateKey({ KeyId, ReplicaRegion: 'us-west-2' })
        clock.advance(60_000)
        await setup.rotateKeyOnDemand({ KeyId })
        return { input: { KeyId }, message: `A rotation of ${arnOf(KeyId)} is in progress.` }
      },
    },
    KMSInvalidStateException: {
      when: 'no imported material waits for its rotation',
      async provoke({ setup }) {
        const KeyId = await createKey(setup, { Origin: 'EXTERNAL' })
        await setup.importKeyMaterial(await wrapMaterial(setup, KeyId, new Uint8Array(32).fill(1)))
        const message = `No available key material pending rotation for the key: ${arnOf(KeyId)}.`
        return { input: { KeyId }, message }
      },
    },
    LimitExceededException: {
      when: 'the key was rotated on demand 25 times',
      async provoke({ setup }) {
        const KeyId = await createKey(setup)
        for (let rotation = 0; rotation < 25; rotation++) await setup.rotateKeyOnDemand({ KeyId })
        return {
          input: { KeyId },
          message:
            'The on-demand rotations limit has been reached for the given keyId. ' +
            `No more on-demand rotations can be performed for this key: ${arnOf(KeyId)}`,
        }
      },
    },
    UnsupportedOperationException: {
      when: 'the key is not symmetric',
      provoke: async ({ setup }) => ({
        input: { KeyId: await createKey(setup, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }) },
      }),
    },
  },
}
