import { createHmac } from 'node:crypto'
import { DAY_MS } from '@softkms/lifecycle'
import type { ImportKeyMaterialRequest } from '@softkms/kms'
import { expect } from 'vitest'
import type { Contract, ErrorCase } from '../contract.ts'
import { arnOf } from '../derived-errors.ts'
import { requestWrapping } from '../../../support/import-material.ts'
import { createExternal, createExternalMac, createImported, importOf, materialOf, materialsOf } from './imports.ts'
import { bytes, createKey } from './scenes.ts'

const ReplicaRegion = 'us-west-2'

/** The request that succeeds, but for what is given. */
function refused(
  when: string,
  rest: (now: number) => Partial<ImportKeyMaterialRequest>,
  message: string,
): ErrorCase<ImportKeyMaterialRequest> {
  return {
    when,
    provoke: async ({ setup, clock }) => ({
      input: { ...(await importOf(setup, await createExternal(setup), 1)), ...rest(clock.now()) },
      message,
    }),
  }
}

export const importKeyMaterial: Contract<'ImportKeyMaterial'> = {
  operation: 'ImportKeyMaterial',
  request: async ({ setup }) => importOf(setup, await createExternal(setup), 1),

  members: {
    ImportToken: {
      does: 'names the wrapping key',
      async test({ kms, setup }) {
        const KeyId = await createExternal(setup)
        const [request, other] = [await importOf(setup, KeyId, 1), await requestWrapping(setup, KeyId)]
        const mixed = kms.importKeyMaterial({ ...request, ImportToken: other.ImportToken })
        await expect(mixed).rejects.toMatchObject({ name: 'InvalidCiphertextException' })
        expect((await kms.importKeyMaterial(request)).KeyId).toBe(arnOf(KeyId))
      },
    },
    EncryptedKeyMaterial: {
      does: 'is what the key computes with',
      async test({ kms, setup }) {
        const KeyId = await createExternalMac(setup)
        await kms.importKeyMaterial(await importOf(setup, KeyId, 1))
        const Message = bytes('attack at dawn')
        const { Mac = new Uint8Array(0) } = await setup.generateMac({ KeyId, MacAlgorithm: 'HMAC_SHA_256', Message })
        expect(Buffer.from(Mac)).toEqual(createHmac('sha256', materialOf(1)).update(Message).digest())
      },
    },
    ValidTo: {
      does: 'is when the material goes',
      async test({ kms, setup, clock }) {
        const KeyId = await createExternal(setup)
        const ValidTo = new Date(clock.now() + DAY_MS)
        const ExpirationModel = 'KEY_MATERIAL_EXPIRES'
        await kms.importKeyMaterial({ ...(await importOf(setup, KeyId, 1)), ExpirationModel, ValidTo })
        expect((await setup.describeKey({ KeyId })).KeyMetadata?.ValidTo).toEqual(ValidTo)
      },
    },
    ExpirationModel: {
      does: 'says whether the material goes',
      async test({ kms, setup }) {
        const KeyId = await createExternal(setup)
        await kms.importKeyMaterial(await importOf(setup, KeyId, 1))
        const { KeyMetadata } = await setup.describeKey({ KeyId })
        expect(KeyMetadata?.ExpirationModel).toBe('KEY_MATERIAL_DOES_NOT_EXPIRE')
      },
    },
    ImportType: {
      does: 'makes it another material of the key',
      async test({ kms, setup }) {
        const KeyId = await createImported(setup)
        await kms.importKeyMaterial({ ...(await importOf(setup, KeyId, 2)), ImportType: 'NEW_KEY_MATERIAL' })
        const states = (await materialsOf(setup, KeyId)).map(({ KeyMaterialState }) => KeyMaterialState)
        expect(states).toEqual(['CURRENT', 'PENDING_ROTATION'])
      },
    },
    KeyMaterialDescription: {
      does: 'is what ListKeyRotations says of the material',
      async test({ kms, setup }) {
        const KeyId = await createExternal(setup)
        await kms.importKeyMaterial({ ...(await importOf(setup, KeyId, 1)), KeyMaterialDescription: 'from the vault' })
        expect(await materialsOf(setup, KeyId)).toMatchObject([{ KeyMaterialDescription: 'from the vault' }])
      },
    },
    KeyMaterialId: {
      does: 'is which material is meant',
      async test({ kms, setup }) {
        const KeyId = await createImported(setup)
        const request = { ...(await importOf(setup, KeyId, 1)), KeyMaterialId: '0'.repeat(64) }
        await expect(kms.importKeyMaterial(request)).rejects.toMatchObject({ name: 'IncorrectKeyMaterialException' })
      },
    },
  },

  errors: {
    ExpiredImportTokenException: {
      when: 'the import token is older than a day',
      async provoke({ setup, clock }) {
        const input = await importOf(setup, await createExternal(setup), 1)
        clock.advanceDays(1)
        return { input, message: 'The import token has expired.' }
      },
    },
    IncorrectKeyMaterialException: [
      {
        when: 'the new material is not new',
        async provoke({ setup }) {
          const KeyId = await createImported(setup)
          const [material] = await materialsOf(setup, KeyId)
          return {
            input: { ...(await importOf(setup, KeyId, 1)), ImportType: 'NEW_KEY_MATERIAL' },
            message: `The key material in the request (id: ${material?.KeyMaterialId}) is not new to ${arnOf(KeyId)}.`,
          }
        },
      },
      {
        when: 'the material is not that of the key',
        async provoke({ setup }) {
          const KeyId = await createImported(setup)
          return {
            input: await importOf(setup, KeyId, 2),
            message: `The key material in the request is not the key material that was imported into ${arnOf(KeyId)}.`,
          }
        },
      },
      {
        when: 'the material is too short',
        async provoke({ setup }) {
          const KeyId = await createExternal(setup)
          const { wrap } = await requestWrapping(setup, KeyId)
          return {
            input: { ...wrap(materialOf(1).subarray(1)), ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' },
            message: 'The key material is not valid for KeySpec SYMMETRIC_DEFAULT.',
          }
        },
      },
    ],
    InvalidCiphertextException: {
      when: 'the material does not unwrap',
      async provoke({ setup }) {
        const request = await importOf(setup, await createExternal(setup), 1)
        return { input: { ...request, EncryptedKeyMaterial: new Uint8Array(256) } }
      },
    },
    InvalidImportTokenException: [
      {
        when: 'the import token is none',
        async provoke({ setup }) {
          const request = await importOf(setup, await createExternal(setup), 1)
          return { input: { ...request, ImportToken: bytes('none') }, message: 'The import token is not valid.' }
        },
      },
      {
        when: 'the import token is of another key',
        async provoke({ setup }) {
          const KeyId = await createExternal(setup)
          const request = await importOf(setup, await createExternal(setup), 1)
          return { input: { ...request, KeyId }, message: `The import token was not issued for ${arnOf(KeyId)}.` }
        },
      },
    ],
    KMSInvalidStateException: {
      when: 'another material waits for its rotation',
      async provoke({ setup }) {
        const KeyId = await createImported(setup)
        const ImportType = 'NEW_KEY_MATERIAL'
        const second = await setup.importKeyMaterial({ ...(await importOf(setup, KeyId, 2)), ImportType })
        // What the material would be called is the same wherever it is imported into this key.
        const third = { ...(await importOf(setup, KeyId, 3)), ImportType } as const
        const refusal: unknown = await setup.importKeyMaterial(third).catch((error: unknown) => error)
        const id = /\(id: (?<id>[0-9a-f]{64})\)/.exec(String(refusal))?.groups?.['id']
        return {
          input: third,
          message:
            `New key material (id: ${id}) cannot be imported into KMS key ${arnOf(KeyId)}, because another key ` +
            `material (id: ${second.KeyMaterialId}) is pending rotation.`,
        }
      },
    },
    UnsupportedOperationException: [
      {
        when: 'the material is not imported',
        async provoke({ setup }) {
          const KeyId = await createKey(setup)
          const message = `${arnOf(KeyId)} origin is AWS_KMS which is not valid for this operation.`
          return { input: { ...(await importOf(setup, await createExternal(setup), 1)), KeyId }, message }
        },
      },
      {
        when: 'the key can have one material alone, and the request tells it from others',
        async provoke({ setup }) {
          const KeyId = await createExternalMac(setup)
          const input = { ...(await importOf(setup, KeyId, 1)), ImportType: 'NEW_KEY_MATERIAL' as const }
          return { input, message: `${arnOf(KeyId)} key spec is HMAC_256 which is not valid for ImportType.` }
        },
      },
      {
        when: 'the new material comes to a replica first',
        async provoke({ setup, sdkFor }) {
          const KeyId = await createExternal(setup, { MultiRegion: true })
          await setup.importKeyMaterial(await importOf(setup, KeyId, 1))
          await setup.replicateKey({ KeyId, ReplicaRegion })
          const there = setup.inRegion(ReplicaRegion)
          return {
            input: { ...(await importOf(there, KeyId, 2)), ImportType: 'NEW_KEY_MATERIAL' },
            by: sdkFor(there, ReplicaRegion),
            message: `${arnOf(KeyId, ReplicaRegion)} is not a multi-region primary key.`,
          }
        },
      },
    ],
    ValidationException: [
      refused(
        'it is not said when the material goes',
        () => ({ ExpirationModel: undefined }),
        'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES',
      ),
      refused(
        'it is said when the material goes that does not go',
        (now) => ({ ValidTo: new Date(now + DAY_MS) }),
        'A validTo date must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE',
      ),
      refused(
        'the material is to go at once',
        (now) => ({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(now) }),
        'The validTo date must be in the future',
      ),
      refused(
        'the material is to go after more than 365 days',
        (now) => ({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(now + 365 * DAY_MS + 1) }),
        'The validTo date must be at most 365 days in the future',
      ),
      refused(
        'new material is said to be one that is there',
        () => ({ ImportType: 'NEW_KEY_MATERIAL', KeyMaterialId: '0'.repeat(64) }),
        'KeyMaterialId cannot be specified for ImportType NEW_KEY_MATERIAL.',
      ),
    ],
  },
}
