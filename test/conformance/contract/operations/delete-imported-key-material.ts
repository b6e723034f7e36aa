import { expect } from 'vitest'
import type { Contract } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import { createImported, importOf, materialsOf } from './imports.ts'
import { createKey } from './scenes.ts'

const UNKNOWN_MATERIAL = '0'.repeat(64)

export const deleteImportedKeyMaterial: Contract<'DeleteImportedKeyMaterial'> = {
  operation: 'DeleteImportedKeyMaterial',
  request: async ({ setup }) => ({ KeyId: await createImported(setup) }),

  members: {
    KeyMaterialId: {
      does: 'is the material that goes, where a key has several',
      async test({ kms, setup }) {
        const KeyId = await createImported(setup)
        await setup.importKeyMaterial({ ...(await importOf(setup, KeyId, 2)), ImportType: 'NEW_KEY_MATERIAL' })
        await setup.rotateKeyOnDemand({ KeyId })
        const [first] = await materialsOf(setup, KeyId)
        await kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId: first?.KeyMaterialId })
        const states = (await materialsOf(setup, KeyId)).map(({ ImportState }) => ImportState)
        expect(states).toEqual(['PENDING_IMPORT', 'IMPORTED'])
      },
    },
  },

  errors: {
    KMSInvalidStateException: {
      when: 'the replica is still being made',
      options: { replicationMs: 60_000 },
      async provoke({ setup, sdkFor }) {
        const KeyId = await createKey(setup, { Origin: 'EXTERNAL', MultiRegion: true })
        await setup.importKeyMaterial(await importOf(setup, KeyId, 1))
        await setup.replicateKey({ KeyId, ReplicaRegion: 'us-west-2' })
        return {
          input: { KeyId },
          by: sdkFor(setup.inRegion('us-west-2'), 'us-west-2'),
          message: `${arnOf(KeyId, 'us-west-2')} is creating.`,
        }
      },
    },
    NotFoundException: {
      when: 'the key has no such material',
      async provoke({ setup }) {
        const KeyId = await createImported(setup)
        return {
          input: { KeyId, KeyMaterialId: UNKNOWN_MATERIAL },
          message: `Key material ${UNKNOWN_MATERIAL} of ${arnOf(KeyId)} does not exist`,
        }
      },
    },
    UnsupportedOperationException: {
      when: 'the material is not imported',
      async provoke({ setup }) {
        const KeyId = await createKey(setup)
        return { input: { KeyId }, message: `${arnOf(KeyId)} origin is AWS_KMS which is not valid for this operation.` }
      },
    },
  },
}
