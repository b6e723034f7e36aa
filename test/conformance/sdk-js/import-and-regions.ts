/** Imported material and multi-Region keys, each operation once with its success. */
import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'
import type { KMS } from '@aws-sdk/client-kms'
import { expect } from 'vitest'
import { ACCOUNT, OTHER_REGION, REGION, bytesOf } from '../../support/kms-fixture.ts'
import { A_DATE, A_MATERIAL_ID, SOME_BYTES, type Successes, expectAnswer } from './answers.ts'
import type { TestKey } from './keys.ts'

export async function createExternalKey(kms: KMS): Promise<TestKey> {
  const { KeyMetadata } = await kms.createKey({ Origin: 'EXTERNAL' })
  return { KeyId: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' }
}

async function createPrimary(kms: KMS): Promise<TestKey> {
  const { KeyMetadata } = await kms.createKey({ MultiRegion: true })
  return { KeyId: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' }
}

/** What ImportKeyMaterial takes of a wrapped symmetric key. */
export async function wrapFor(
  kms: KMS,
  { KeyId }: TestKey,
  material: Uint8Array = randomBytes(32),
): Promise<{ KeyId: string; ImportToken: Uint8Array; EncryptedKeyMaterial: Uint8Array }> {
  const { ImportToken = new Uint8Array(0), PublicKey = new Uint8Array(0) } = await kms.getParametersForImport({
    KeyId,
    WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    WrappingKeySpec: 'RSA_2048',
  })
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const EncryptedKeyMaterial = publicEncrypt({ key, padding, oaepHash: 'sha256' }, material)
  return { KeyId, ImportToken, EncryptedKeyMaterial: Uint8Array.from(EncryptedKeyMaterial) }
}

export const IMPORT_AND_REGION_SUCCESSES = {
  async GetParametersForImport(kms) {
    const { KeyId, arn } = await createExternalKey(kms)
    const parameters = { WrappingAlgorithm: 'RSAES_OAEP_SHA_1', WrappingKeySpec: 'RSA_3072' } as const
    expect(await expectAnswer(kms.getParametersForImport({ KeyId, ...parameters }))).toStrictEqual({
      KeyId: arn,
      ImportToken: SOME_BYTES,
      PublicKey: SOME_BYTES,
      ParametersValidTo: A_DATE,
    })
  },

  async ImportKeyMaterial(kms) {
    const key = await createExternalKey(kms)
    const ValidTo = new Date(Math.floor(Date.now() / 1000 + 3600) * 1000)
    const answer = await expectAnswer(kms.importKeyMaterial({ ...(await wrapFor(kms, key)), ValidTo }))
    expect(answer).toStrictEqual({ KeyId: key.arn, KeyMaterialId: A_MATERIAL_ID })
    const { KeyMetadata } = await kms.describeKey({ KeyId: key.KeyId })
    expect(KeyMetadata).toMatchObject({
      KeyState: 'Enabled',
      Origin: 'EXTERNAL',
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo,
      CurrentKeyMaterialId: answer.KeyMaterialId,
    })
    const { CiphertextBlob } = await kms.encrypt({ KeyId: key.KeyId, Plaintext: bytesOf('kept') })
    expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(bytesOf('kept'))
  },

  async DeleteImportedKeyMaterial(kms) {
    const key = await createExternalKey(kms)
    const request = await wrapFor(kms, key)
    const never = { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } as const
    const { KeyMaterialId } = await kms.importKeyMaterial({ ...request, ...never })
    expect(await expectAnswer(kms.deleteImportedKeyMaterial({ KeyId: key.arn }))).toStrictEqual({
      KeyId: key.arn,
      KeyMaterialId,
    })
    expect((await kms.describeKey({ KeyId: key.KeyId })).KeyMetadata?.KeyState).toBe('PendingImport')
    await kms.importKeyMaterial({ ...request, ...never })
    expect((await kms.describeKey({ KeyId: key.KeyId })).KeyMetadata?.KeyState).toBe('Enabled')
  },

  async ReplicateKey(kms) {
    const { KeyId, arn } = await createPrimary(kms)
    const Tags = [{ TagKey: 'in', TagValue: 'replica' }]
    const answer = await expectAnswer(
      kms.replicateKey({ KeyId, ReplicaRegion: OTHER_REGION, Description: 'abroad', Tags }),
    )
    expect(answer.ReplicaTags).toEqual(Tags)
    expect(answer.ReplicaKeyMetadata).toMatchObject({
      Arn: `arn:aws:kms:${OTHER_REGION}:${ACCOUNT}:key/${KeyId}`,
      KeyId,
      KeyState: 'Creating',
      Enabled: false,
      Description: 'abroad',
      MultiRegion: true,
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'REPLICA',
        PrimaryKey: { Arn: arn, Region: REGION },
        ReplicaKeys: [{ Arn: `arn:aws:kms:${OTHER_REGION}:${ACCOUNT}:key/${KeyId}`, Region: OTHER_REGION }],
      },
    })
    expect(answer.ReplicaKeyMetadata).not.toHaveProperty('CurrentKeyMaterialId')
  },

  async UpdatePrimaryRegion(kms) {
    const { KeyId } = await createPrimary(kms)
    await kms.replicateKey({ KeyId, ReplicaRegion: OTHER_REGION })
    expect(await expectAnswer(kms.updatePrimaryRegion({ KeyId, PrimaryRegion: OTHER_REGION }))).toEqual({})
    const { KeyMetadata } = await kms.describeKey({ KeyId })
    expect(KeyMetadata?.MultiRegionConfiguration).toMatchObject({
      MultiRegionKeyType: 'REPLICA',
      PrimaryKey: { Region: OTHER_REGION },
      ReplicaKeys: [{ Region: REGION }],
    })
  },
} satisfies Partial<Successes>
