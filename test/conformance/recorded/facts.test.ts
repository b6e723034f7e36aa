/**
 * What was recorded of AWS's answers: which members they have, which they lack, and what is in them. One case a fact,
 * through the AWS SDK.
 *
 * @covers wire §5
 */
import type { KMS, KeyMetadata } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCOUNT, OTHER_REGION, REGION } from '../../support/kms-fixture.ts'
import { A_DATE, A_MATERIAL_ID, A_UUID, SOME_BYTES, expectAnswer } from '../sdk-js/answers.ts'
import { DOORS, type Door } from '../sdk-js/doors.ts'
import { createExternalKey, wrapFor } from '../sdk-js/import-and-regions.ts'
import { type TestKey, createTestKey } from '../sdk-js/keys.ts'
import { Plaintext, arnOf, createKeyOf } from './scene.ts'

const NEVER = { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } as const

let door: Door
let kms: KMS
let key: TestKey

beforeAll(async () => {
  const [, inProcess] = DOORS
  if (inProcess === undefined) throw new Error('there is no second door')
  door = await inProcess.open()
  kms = door.client()
  key = await createTestKey(kms)
})
afterAll(() => door.close())

async function describeKey(KeyId: string): Promise<Partial<KeyMetadata>> {
  return (await kms.describeKey({ KeyId })).KeyMetadata ?? {}
}

describe('CreateKey and DescribeKey', () => {
  it('answer these members for a symmetric key, and no other', async () => {
    const { KeyMetadata: created } = await expectAnswer(kms.createKey({ Description: 'described' }))
    expect(created).toStrictEqual({
      AWSAccountId: ACCOUNT,
      Arn: arnOf(`key/${created?.KeyId}`),
      CreationDate: A_DATE,
      CurrentKeyMaterialId: A_MATERIAL_ID,
      CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      Description: 'described',
      Enabled: true,
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      KeyId: A_UUID,
      KeyManager: 'CUSTOMER',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyState: 'Enabled',
      KeyUsage: 'ENCRYPT_DECRYPT',
      MultiRegion: false,
      Origin: 'AWS_KMS',
    })
    expect(await describeKey(created?.KeyId ?? '')).toStrictEqual(created)
  })

  it.each([
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT'],
    ['HMAC_384', 'GENERATE_VERIFY_MAC'],
    ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY'],
    ['ML_DSA_44', 'SIGN_VERIFY'],
    ['ML_KEM_512', 'ENCAPSULATE_DECAPSULATE'],
  ] as const)('CustomerMasterKeySpec is KeySpec for %s', async (KeySpec, KeyUsage) => {
    const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage })
    expect(KeyMetadata?.CustomerMasterKeySpec).toBe(KeySpec)
  })

  it.each([
    ['an HMAC key', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }],
    ['an asymmetric key', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }],
    ['a key without its imported material', { Origin: 'EXTERNAL' }],
  ] as const)('CurrentKeyMaterialId is absent for %s', async (_what, input) => {
    const { KeyId } = await createKeyOf(kms, input)
    expect(await describeKey(KeyId)).not.toHaveProperty('CurrentKeyMaterialId')
  })

  it('ExpirationModel, and ValidTo with it, appear with imported material', async () => {
    const external = await createExternalKey(kms)
    const before = await describeKey(external.KeyId)
    expect(before).not.toHaveProperty('ExpirationModel')
    expect(before).not.toHaveProperty('ValidTo')
    const { KeyMaterialId } = await kms.importKeyMaterial({ ...(await wrapFor(kms, external)), ...NEVER })
    const kept = await describeKey(external.KeyId)
    expect(kept).toMatchObject({ ...NEVER, CurrentKeyMaterialId: KeyMaterialId })
    expect(kept).not.toHaveProperty('ValidTo')

    const expiring = await createExternalKey(kms)
    const ValidTo = new Date(Math.ceil(Date.now() / 1000) * 1000 + 86_400_000)
    await kms.importKeyMaterial({ ...(await wrapFor(kms, expiring)), ValidTo })
    expect(await describeKey(expiring.KeyId)).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo })
  })

  it('MultiRegion is false without a MultiRegionConfiguration', async () => {
    const metadata = await describeKey(key.KeyId)
    expect(metadata.MultiRegion).toBe(false)
    expect(metadata).not.toHaveProperty('MultiRegionConfiguration')
  })

  it('a fresh primary has an empty list of replicas', async () => {
    const primary = await createKeyOf(kms, { MultiRegion: true })
    expect((await describeKey(primary.KeyId)).MultiRegionConfiguration).toStrictEqual({
      MultiRegionKeyType: 'PRIMARY',
      PrimaryKey: { Arn: primary.arn, Region: REGION },
      ReplicaKeys: [],
    })
  })

  it('a key is described by the ARN of its alias', async () => {
    await kms.createAlias({ AliasName: 'alias/described', TargetKeyId: key.KeyId })
    expect((await describeKey(arnOf('alias/described'))).Arn).toBe(key.arn)
  })
})

describe('ReplicateKey', () => {
  it('answers a key that is being created, its default policy, and no tags', async () => {
    const { KeyId } = await createKeyOf(kms, { MultiRegion: true, Description: 'at home' })
    const answer = await expectAnswer(kms.replicateKey({ KeyId, ReplicaRegion: OTHER_REGION }))
    expect(answer.ReplicaKeyMetadata).toMatchObject({ KeyState: 'Creating', Enabled: false, Description: '' })
    expect(answer.ReplicaKeyMetadata).not.toHaveProperty('CurrentKeyMaterialId')
    const { Policy } = await kms.getKeyPolicy({ KeyId: key.KeyId })
    expect(answer.ReplicaPolicy).toBe(Policy)
    expect(answer).not.toHaveProperty('ReplicaTags')
  })
})

describe('cryptographic operations', () => {
  it('Encrypt answers ciphertext, key ARN and algorithm; Decrypt the key material, too', async () => {
    const sealed = await expectAnswer(kms.encrypt({ KeyId: key.KeyId, Plaintext }))
    expect(sealed).toStrictEqual({
      CiphertextBlob: SOME_BYTES,
      KeyId: key.arn,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    })
    expect(await expectAnswer(kms.decrypt({ CiphertextBlob: sealed.CiphertextBlob }))).toStrictEqual({
      Plaintext,
      KeyId: key.arn,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      KeyMaterialId: A_MATERIAL_ID,
    })
  })

  it('GenerateDataKey answers both forms, key ARN and key material', async () => {
    expect(await expectAnswer(kms.generateDataKey({ KeyId: key.KeyId, KeySpec: 'AES_128' }))).toStrictEqual({
      CiphertextBlob: SOME_BYTES,
      Plaintext: SOME_BYTES,
      KeyId: key.arn,
      KeyMaterialId: A_MATERIAL_ID,
    })
  })
})

describe('rotation', () => {
  it('GetKeyRotationStatus says no more than that it is off', async () => {
    const { KeyId } = await createTestKey(kms)
    const off = await expectAnswer(kms.getKeyRotationStatus({ KeyId }))
    expect(Object.keys(off).toSorted()).toEqual(['KeyId', 'KeyRotationEnabled'])
    expect(off.KeyRotationEnabled).toBe(false)
  })

  it('and when, and how often, while it is on', async () => {
    const { KeyId } = await createTestKey(kms)
    await kms.enableKeyRotation({ KeyId })
    const on = await expectAnswer(kms.getKeyRotationStatus({ KeyId }))
    expect(on).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 365, NextRotationDate: A_DATE })
    expect(Object.keys(on)).toHaveLength(4)
  })

  it('RotateKeyOnDemand answers the key ARN to a bare key id', async () => {
    const { KeyId, arn } = await createTestKey(kms)
    expect(await expectAnswer(kms.rotateKeyOnDemand({ KeyId }))).toStrictEqual({ KeyId: arn })
  })
})

describe('imports', () => {
  it('GetParametersForImport and ImportKeyMaterial answer the key ARN, the second the key material, too', async () => {
    const { KeyId, arn } = await createExternalKey(kms)
    const parameters = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const
    expect((await kms.getParametersForImport({ KeyId, ...parameters })).KeyId).toBe(arn)
    const wrapped = await wrapFor(kms, { KeyId, arn })
    const answer = await expectAnswer(kms.importKeyMaterial({ ...wrapped, ...NEVER }))
    expect(answer).toStrictEqual({ KeyId: arn, KeyMaterialId: A_MATERIAL_ID })
  })
})

describe('tags', () => {
  it('are none as an empty list, and the last one of a key counts', async () => {
    const { KeyId } = await createTestKey(kms)
    expect((await kms.listResourceTags({ KeyId })).Tags).toEqual([])
    await kms.tagResource({ KeyId, Tags: [{ TagKey: 'team', TagValue: 'a' }] })
    const Tags = [{ TagKey: 'team', TagValue: 'b' }]
    await kms.tagResource({ KeyId, Tags })
    expect((await kms.listResourceTags({ KeyId })).Tags).toEqual(Tags)
  })
})

describe('GetKeyLastUsage', () => {
  it('answers an empty last use while nothing was recorded, and then these members', async () => {
    const { KeyId } = await createTestKey(kms)
    const unused = await expectAnswer(kms.getKeyLastUsage({ KeyId }))
    expect(unused).toStrictEqual({ KeyId, KeyLastUsage: {}, TrackingStartDate: A_DATE, KeyCreationDate: A_DATE })
    const { $metadata } = await kms.encrypt({ KeyId, Plaintext })
    const used = await expectAnswer(kms.getKeyLastUsage({ KeyId }))
    expect(used.KeyLastUsage).toStrictEqual({
      Operation: 'Encrypt',
      Timestamp: A_DATE,
      CloudTrailEventId: A_UUID,
      KmsRequestId: $metadata.requestId,
    })
  })
})
