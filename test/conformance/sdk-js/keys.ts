/** A key's life, policy and tags, each operation once with its success. */
import type { KMS, KeyMetadata } from '@aws-sdk/client-kms'
import { DAY_MS } from '@softkms/lifecycle'
import { expect } from 'vitest'
import { ACCOUNT, REGION } from '../../support/kms-fixture.ts'
import { A_DATE, A_MATERIAL_ID, A_UUID, type Successes, expectAnswer } from './answers.ts'

export interface TestKey {
  readonly KeyId: string
  readonly arn: string
}

export async function createTestKey(kms: KMS): Promise<TestKey> {
  const { KeyMetadata } = await kms.createKey({})
  return { KeyId: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' }
}

async function stateOf(kms: KMS, { KeyId }: TestKey): Promise<KeyMetadata | undefined> {
  return (await kms.describeKey({ KeyId })).KeyMetadata
}

function isAbout(instant: Date | undefined, ms: number): boolean {
  return Math.abs((instant?.getTime() ?? 0) - ms) < 60_000
}

const POLICY =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}'

export const KEY_SUCCESSES = {
  async CreateKey(kms) {
    const { KeyMetadata } = await expectAnswer(
      kms.createKey({ Description: 'ключ 🔑', Tags: [{ TagKey: 'team', TagValue: 'a' }] }),
    )
    const KeyId = KeyMetadata?.KeyId ?? ''
    expect(KeyMetadata).toStrictEqual({
      AWSAccountId: ACCOUNT,
      Arn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KeyId}`,
      CreationDate: A_DATE,
      CurrentKeyMaterialId: A_MATERIAL_ID,
      CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      Description: 'ключ 🔑',
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
    expect(isAbout(KeyMetadata?.CreationDate, Date.now())).toBe(true)
    const { Tags } = await kms.listResourceTags({ KeyId })
    expect(Tags).toEqual([{ TagKey: 'team', TagValue: 'a' }])
  },

  async DescribeKey(kms) {
    const created = (await kms.createKey({})).KeyMetadata
    const AliasName = `alias/described-${created?.KeyId}`
    await kms.createAlias({ AliasName, TargetKeyId: created?.KeyId })
    const aliasArn = `arn:aws:kms:${REGION}:${ACCOUNT}:${AliasName}`
    for (const KeyId of [created?.KeyId, created?.Arn, AliasName, aliasArn]) {
      expect(await expectAnswer(kms.describeKey({ KeyId }))).toStrictEqual({ KeyMetadata: created })
    }
  },

  async ListKeys(kms) {
    const { KeyId, arn } = await createTestKey(kms)
    const { Keys, Truncated } = await expectAnswer(kms.listKeys({ Limit: 1000 }))
    expect(Keys).toContainEqual({ KeyId, KeyArn: arn })
    expect(Truncated).toBe(false)
  },

  async UpdateKeyDescription(kms) {
    const key = await createTestKey(kms)
    expect(await expectAnswer(kms.updateKeyDescription({ KeyId: key.arn, Description: 'new' }))).toEqual({})
    expect((await stateOf(kms, key))?.Description).toBe('new')
  },

  async DisableKey(kms) {
    const key = await createTestKey(kms)
    expect(await expectAnswer(kms.disableKey({ KeyId: key.KeyId }))).toEqual({})
    expect(await stateOf(kms, key)).toMatchObject({ Enabled: false, KeyState: 'Disabled' })
  },

  async EnableKey(kms) {
    const key = await createTestKey(kms)
    await kms.disableKey({ KeyId: key.KeyId })
    expect(await expectAnswer(kms.enableKey({ KeyId: key.KeyId }))).toEqual({})
    expect(await stateOf(kms, key)).toMatchObject({ Enabled: true, KeyState: 'Enabled' })
  },

  async ScheduleKeyDeletion(kms) {
    const key = await createTestKey(kms)
    const answer = await expectAnswer(kms.scheduleKeyDeletion({ KeyId: key.KeyId, PendingWindowInDays: 7 }))
    expect(answer).toStrictEqual({
      KeyId: key.arn,
      DeletionDate: A_DATE,
      KeyState: 'PendingDeletion',
      PendingWindowInDays: 7,
    })
    expect(isAbout(answer.DeletionDate, Date.now() + 7 * DAY_MS)).toBe(true)
    const { DeletionDate } = answer
    expect(await stateOf(kms, key)).toMatchObject({ Enabled: false, KeyState: 'PendingDeletion', DeletionDate })
  },

  async CancelKeyDeletion(kms) {
    const key = await createTestKey(kms)
    await kms.scheduleKeyDeletion({ KeyId: key.KeyId })
    expect(await expectAnswer(kms.cancelKeyDeletion({ KeyId: key.KeyId }))).toStrictEqual({ KeyId: key.arn })
    const state = await stateOf(kms, key)
    expect(state).toMatchObject({ Enabled: false, KeyState: 'Disabled' })
    expect(state).not.toHaveProperty('DeletionDate')
  },

  async TagResource(kms) {
    const { KeyId } = await createTestKey(kms)
    await kms.tagResource({ KeyId, Tags: [{ TagKey: 'a', TagValue: '1' }] })
    const Tags = [
      { TagKey: 'a', TagValue: '2' },
      { TagKey: 'b', TagValue: '' },
    ]
    expect(await expectAnswer(kms.tagResource({ KeyId, Tags }))).toEqual({})
    expect((await kms.listResourceTags({ KeyId })).Tags).toEqual(Tags)
  },

  async UntagResource(kms) {
    const { KeyId } = await createTestKey(kms)
    await kms.tagResource({ KeyId, Tags: [{ TagKey: 'a', TagValue: '1' }] })
    expect(await expectAnswer(kms.untagResource({ KeyId, TagKeys: ['a', 'never'] }))).toEqual({})
    expect((await kms.listResourceTags({ KeyId })).Tags).toEqual([])
  },

  async ListResourceTags(kms) {
    const { KeyId } = await createTestKey(kms)
    expect(await expectAnswer(kms.listResourceTags({ KeyId }))).toStrictEqual({ Tags: [], Truncated: false })
  },

  async PutKeyPolicy(kms) {
    const { KeyId } = await createTestKey(kms)
    expect(await expectAnswer(kms.putKeyPolicy({ KeyId, PolicyName: 'default', Policy: POLICY }))).toEqual({})
    expect((await kms.getKeyPolicy({ KeyId })).Policy).toBe(POLICY)
  },

  async GetKeyLastUsage(kms) {
    const { KeyId } = await createTestKey(kms)
    const never = await expectAnswer(kms.getKeyLastUsage({ KeyId }))
    expect(never).toStrictEqual({ KeyId, KeyLastUsage: {}, TrackingStartDate: A_DATE, KeyCreationDate: A_DATE })
    const { $metadata } = await kms.generateDataKey({ KeyId, KeySpec: 'AES_256' })
    const { KeyLastUsage } = await expectAnswer(kms.getKeyLastUsage({ KeyId }))
    expect(KeyLastUsage).toStrictEqual({
      Operation: 'GenerateDataKey',
      Timestamp: A_DATE,
      CloudTrailEventId: A_UUID,
      KmsRequestId: $metadata.requestId,
    })
  },

  async GetKeyPolicy(kms) {
    const { KeyId } = await createTestKey(kms)
    const { Policy, PolicyName } = await expectAnswer(kms.getKeyPolicy({ KeyId }))
    expect(PolicyName).toBe('default')
    expect(JSON.parse(Policy ?? '')).toMatchObject({
      Id: 'key-default-1',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
      ],
    })
  },

  async ListKeyPolicies(kms) {
    const { KeyId } = await createTestKey(kms)
    const answer = await expectAnswer(kms.listKeyPolicies({ KeyId }))
    expect(answer).toStrictEqual({ PolicyNames: ['default'], Truncated: false })
  },
} satisfies Partial<Successes>
