/**
 * Multi-Region keys: what the keys of a set share, what is each one's own, and how they come, change places and go.
 *
 * @covers KMS crypto-details §10; operations, ReplicateKey and UpdatePrimaryRegion; key-states, "Deletion"
 */
import { beforeEach, describe, expect, test } from 'vitest'
import {
  ACCOUNT,
  type KmsFixture,
  OTHER_ACCOUNT,
  OTHER_REGION,
  REGION,
  bytesOf,
  expectRefusal,
  startKms,
} from '../../support/kms-fixture.ts'
import {
  THIRD_REGION,
  type Primary,
  arnIn,
  createPrimary,
  describeIn,
  startWithReplica,
} from '../../support/multi-region-keys.ts'

const MINUTE = 60_000
const Plaintext = bytesOf('kept')

describe('a fresh primary', () => {
  test('has an id of its own kind and no replicas', async () => {
    const { kms } = await startKms()
    const key = await createPrimary(kms)
    expect(key.KeyId).toMatch(/^mrk-[0-9a-f]{32}$/)
    expect(await describeIn(kms, REGION, key)).toMatchObject({
      KeyId: key.KeyId,
      KeyState: 'Enabled',
      MultiRegion: true,
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'PRIMARY',
        PrimaryKey: { Arn: key.arn, Region: REGION },
        ReplicaKeys: [],
      },
    })
  })

  test('of any spec and usage, but the keys of one Region say nothing of the kind', async () => {
    const { kms } = await startKms()
    const { KeyMetadata } = await kms.createKey({ MultiRegion: false })
    expect(KeyMetadata).toMatchObject({ MultiRegion: false })
    expect(KeyMetadata).not.toHaveProperty('MultiRegionConfiguration')
    const hmac = await createPrimary(kms, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
    await kms.replicateKey({ KeyId: hmac.KeyId, ReplicaRegion: OTHER_REGION })
    const Message = bytesOf('both')
    const MacAlgorithm = 'HMAC_SHA_256'
    const { Mac } = await kms.generateMac({ KeyId: hmac.KeyId, MacAlgorithm, Message })
    const there = kms.inRegion(OTHER_REGION)
    expect((await there.verifyMac({ KeyId: hmac.KeyId, MacAlgorithm, Message, Mac })).MacValid).toBe(true)
  })
})

describe('ReplicateKey', () => {
  test('answers with a key that is being created, and the next request finds it enabled', async () => {
    const { kms } = await startKms()
    const key = await createPrimary(kms, { Description: 'at home', Tags: [{ TagKey: 'a', TagValue: 'b' }] })
    const answer = await kms.replicateKey({ KeyId: key.arn, ReplicaRegion: OTHER_REGION })
    expect(answer).not.toHaveProperty('ReplicaTags')
    expect(answer.ReplicaPolicy).toContain(`arn:aws:iam::${ACCOUNT}:root`)
    expect(answer.ReplicaKeyMetadata).toMatchObject({ KeyState: 'Creating', Enabled: false, Description: '' })
    expect(answer.ReplicaKeyMetadata).not.toHaveProperty('CurrentKeyMaterialId')
    const replica = await describeIn(kms, OTHER_REGION, key)
    const primary = await describeIn(kms, REGION, key)
    expect(replica).toMatchObject({
      Arn: arnIn(OTHER_REGION, key),
      KeyState: 'Enabled',
      CurrentKeyMaterialId: primary.CurrentKeyMaterialId,
      MultiRegionConfiguration: { ...primary.MultiRegionConfiguration, MultiRegionKeyType: 'REPLICA' },
    })
    expect(primary.MultiRegionConfiguration?.ReplicaKeys).toEqual([
      { Arn: arnIn(OTHER_REGION, key), Region: OTHER_REGION },
    ])
  })

  test('takes the time that it is told to take', async () => {
    const { fixture, key } = await startWithReplica({ replicationMs: MINUTE })
    const { kms, clock } = fixture
    const there = kms.inRegion(OTHER_REGION)
    clock.advance(MINUTE - 1)
    expect((await describeIn(kms, OTHER_REGION, key)).KeyState).toBe('Creating')
    const input = { KeyId: key.KeyId, Plaintext }
    const creating = `${arnIn(OTHER_REGION, key)} is creating.`
    await expectRefusal({ ...fixture, kms: there }, 'Encrypt', input, 'KMSInvalidStateException', creating)
    clock.advance(1)
    await expect(there.encrypt(input)).resolves.toBeDefined()
  })

  test('gives the replica a policy, tags and a description of its own', async () => {
    const { kms } = await startKms()
    const key = await createPrimary(kms, { Description: 'at home' })
    const Policy =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}'
    const Tags = [{ TagKey: 'where', TagValue: 'abroad' }]
    const { KeyId } = key
    const answer = await kms.replicateKey({ KeyId, ReplicaRegion: OTHER_REGION, Description: 'abroad', Policy, Tags })
    expect(answer).toMatchObject({ ReplicaPolicy: Policy, ReplicaTags: Tags })
    const there = kms.inRegion(OTHER_REGION)
    await there.createAlias({ AliasName: 'alias/abroad', TargetKeyId: KeyId })
    await there.updateKeyDescription({ KeyId, Description: 'changed' })
    await there.disableKey({ KeyId })
    expect(await describeIn(kms, OTHER_REGION, key)).toMatchObject({ Description: 'changed', KeyState: 'Disabled' })
    expect(await describeIn(kms, REGION, key)).toMatchObject({ Description: 'at home', KeyState: 'Enabled' })
    await expect(kms.listResourceTags({ KeyId })).resolves.toMatchObject({ Tags: [] })
    await expect(there.listResourceTags({ KeyId })).resolves.toMatchObject({ Tags })
    await expect(kms.listAliases({ KeyId })).resolves.toMatchObject({ Aliases: [] })
    await expect(kms.getKeyPolicy({ KeyId })).resolves.not.toMatchObject({ Policy })
    await expect(there.getKeyPolicy({ KeyId })).resolves.toMatchObject({ Policy })
  })

  test('refuses what cannot be', async () => {
    const { fixture, key } = await startWithReplica()
    const { kms } = fixture
    const { KeyId } = key
    const there = { ...fixture, kms: kms.inRegion(OTHER_REGION) }
    const single = (await kms.createKey()).KeyMetadata
    const ask = (ReplicaRegion: string, id = KeyId): object => ({ KeyId: id, ReplicaRegion })
    const exists = (region: string): string => `Key '${arnIn(region, key)}' already exists`

    await expectRefusal(fixture, 'ReplicateKey', ask(OTHER_REGION), 'AlreadyExistsException', exists(OTHER_REGION))
    await expectRefusal(fixture, 'ReplicateKey', ask(REGION), 'AlreadyExistsException', exists(REGION))
    const notPrimary = (arn: string | undefined): string => `${arn} is not a multi-region primary key.`
    const unsupported = 'UnsupportedOperationException'
    await expectRefusal(there, 'ReplicateKey', ask(THIRD_REGION), unsupported, notPrimary(arnIn(OTHER_REGION, key)))
    await expectRefusal(fixture, 'ReplicateKey', ask(OTHER_REGION, single?.KeyId), unsupported, notPrimary(single?.Arn))
    const partition = 'ReplicaRegion cn-north-1 is not in the same partition as eu-west-1.'
    await expectRefusal(fixture, 'ReplicateKey', ask('cn-north-1'), 'ValidationException', partition)
    const malformed = { ...ask(THIRD_REGION), Policy: '[' }
    const notJson = 'The new key policy is not valid JSON.'
    await expectRefusal(fixture, 'ReplicateKey', malformed, 'MalformedPolicyDocumentException', notJson)
    const reserved = { ...ask(THIRD_REGION), Tags: [{ TagKey: 'aws:x', TagValue: '' }] }
    await expectRefusal(fixture, 'ReplicateKey', reserved, 'TagException', 'Tags beginning with aws: are reserved')
    const alias = { ...ask(THIRD_REGION), KeyId: 'alias/x' }
    const noAlias = 'Key Aliases are not supported for this operation.'
    await expectRefusal(fixture, 'ReplicateKey', alias, 'InvalidArnException', noAlias)
  })

  test('two at once make one replica', async () => {
    const { kms } = await startKms()
    const { KeyId } = await createPrimary(kms)
    const attempts = [1, 2, 3].map(() => kms.replicateKey({ KeyId, ReplicaRegion: OTHER_REGION }))
    const results = await Promise.allSettled(attempts)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []))).toEqual([
      expect.objectContaining({ name: 'AlreadyExistsException' }),
      expect.objectContaining({ name: 'AlreadyExistsException' }),
    ])
  })
})

describe('ciphertexts', () => {
  let fixture: KmsFixture
  let key: Primary
  beforeEach(async () => {
    const started = await startWithReplica()
    fixture = started.fixture
    key = started.key
  })

  test('cross Regions, by the key of the Region that is asked', async () => {
    const { kms } = fixture
    const there = kms.inRegion(OTHER_REGION)
    const EncryptionContext = { for: 'both' }
    const sealed = await kms.encrypt({ KeyId: key.KeyId, Plaintext, EncryptionContext })
    const CiphertextBlob = sealed.CiphertextBlob ?? new Uint8Array(0)
    for (const KeyId of [undefined, key.KeyId, arnIn(OTHER_REGION, key)]) {
      const opened = await there.decrypt({ CiphertextBlob, EncryptionContext, KeyId })
      expect(opened).toMatchObject({ Plaintext, KeyId: arnIn(OTHER_REGION, key) })
    }
    const back = await there.reEncrypt({
      CiphertextBlob,
      SourceEncryptionContext: EncryptionContext,
      DestinationKeyId: key.KeyId,
    })
    await expect(kms.decrypt({ CiphertextBlob: back.CiphertextBlob ?? CiphertextBlob })).resolves.toMatchObject({
      Plaintext,
    })
  })

  test('stop at Regions without the key, at its state there, and at other accounts', async () => {
    const { kms } = fixture
    const { CiphertextBlob } = await kms.encrypt({ KeyId: key.KeyId, Plaintext })
    const input = { CiphertextBlob }
    const third = { ...fixture, kms: kms.inRegion(THIRD_REGION) }
    await expectRefusal(third, 'Decrypt', input, 'InvalidCiphertextException', '')
    const there = { ...fixture, kms: kms.inRegion(OTHER_REGION) }
    await there.kms.disableKey({ KeyId: key.KeyId })
    const disabled = `${arnIn(OTHER_REGION, key)} is disabled.`
    await expectRefusal(there, 'Decrypt', input, 'DisabledException', disabled)
    await expect(kms.decrypt({ CiphertextBlob: CiphertextBlob ?? new Uint8Array(0) })).resolves.toMatchObject({
      Plaintext,
    })
    await expect(
      kms
        .as(OTHER_ACCOUNT)
        .inRegion(OTHER_REGION)
        .decrypt({ CiphertextBlob: CiphertextBlob ?? new Uint8Array(0) }),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' })
  })
})

describe('UpdatePrimaryRegion', () => {
  test('lets primary and replica change places, and nothing else', async () => {
    const { fixture, key } = await startWithReplica()
    const { kms } = fixture
    const { KeyId } = key
    const there = kms.inRegion(OTHER_REGION)
    await kms.replicateKey({ KeyId, ReplicaRegion: THIRD_REGION })
    await kms.enableKeyRotation({ KeyId })
    const { CiphertextBlob = new Uint8Array(0) } = await kms.encrypt({ KeyId, Plaintext })
    await expect(kms.updatePrimaryRegion({ KeyId, PrimaryRegion: OTHER_REGION })).resolves.toEqual({})
    const configuration = {
      PrimaryKey: { Arn: arnIn(OTHER_REGION, key), Region: OTHER_REGION },
      ReplicaKeys: [REGION, THIRD_REGION].map((Region) => ({ Arn: arnIn(Region, key), Region })),
    }
    for (const region of [REGION, OTHER_REGION, THIRD_REGION]) {
      const MultiRegionKeyType = region === OTHER_REGION ? 'PRIMARY' : 'REPLICA'
      const { MultiRegionConfiguration, KeyState } = await describeIn(kms, region, key)
      expect(MultiRegionConfiguration).toEqual({ ...configuration, MultiRegionKeyType })
      expect(KeyState).toBe('Enabled')
    }
    await expect(there.rotateKeyOnDemand({ KeyId })).resolves.toBeDefined()
    await expect(there.getKeyRotationStatus({ KeyId })).resolves.toMatchObject({ KeyRotationEnabled: true })
    await expect(kms.decrypt({ CiphertextBlob })).resolves.toMatchObject({ Plaintext })
    const message = `${key.arn} is not a multi-region primary key.`
    await expectRefusal(fixture, 'RotateKeyOnDemand', { KeyId }, 'UnsupportedOperationException', message)
  })

  test('shows both keys updating for as long as it takes; they work meanwhile', async () => {
    const { fixture, key } = await startWithReplica({ replicationMs: MINUTE })
    const { kms, clock } = fixture
    const { KeyId } = key
    clock.advance(MINUTE)
    await kms.updatePrimaryRegion({ KeyId, PrimaryRegion: OTHER_REGION })
    for (const region of [REGION, OTHER_REGION]) {
      expect(await describeIn(kms, region, key)).toMatchObject({ KeyState: 'Updating', Enabled: false })
      await expect(kms.inRegion(region).encrypt({ KeyId, Plaintext })).resolves.toBeDefined()
    }
    const updating = `${key.arn} is updating.`
    await expectRefusal(fixture, 'DisableKey', { KeyId }, 'KMSInvalidStateException', updating)
    clock.advance(MINUTE)
    for (const region of [REGION, OTHER_REGION]) {
      expect(await describeIn(kms, region, key)).toMatchObject({ KeyState: 'Enabled', Enabled: true })
    }
  })

  test('refuses Regions without the key, and keys that do not decide', async () => {
    const { fixture, key } = await startWithReplica()
    const { kms } = fixture
    const { KeyId } = key
    const ask = (PrimaryRegion: string): object => ({ KeyId, PrimaryRegion })
    const missing = `Key '${arnIn(THIRD_REGION, key)}' does not exist`
    await expectRefusal(fixture, 'UpdatePrimaryRegion', ask(THIRD_REGION), 'NotFoundException', missing)
    const unsupported = 'UnsupportedOperationException'
    const notReplica = `${key.arn} is not a multi-region replica key.`
    await expectRefusal(fixture, 'UpdatePrimaryRegion', ask(REGION), unsupported, notReplica)
    const there = { ...fixture, kms: kms.inRegion(OTHER_REGION) }
    const notPrimary = `${arnIn(OTHER_REGION, key)} is not a multi-region primary key.`
    for (const region of [OTHER_REGION, REGION]) {
      await expectRefusal(there, 'UpdatePrimaryRegion', ask(region), unsupported, notPrimary)
    }
    await there.kms.disableKey({ KeyId })
    const disabled = `${arnIn(OTHER_REGION, key)} is disabled.`
    await expectRefusal(fixture, 'UpdatePrimaryRegion', ask(OTHER_REGION), 'DisabledException', disabled)
  })
})

describe('the end', () => {
  test('of a primary waits for the last replica, and only then its own days begin to run', async () => {
    const { fixture, key } = await startWithReplica()
    const { kms, clock } = fixture
    const { KeyId } = key
    const there = kms.inRegion(OTHER_REGION)
    await kms.replicateKey({ KeyId, ReplicaRegion: THIRD_REGION })
    const answer = await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
    expect(answer).toEqual({ KeyId: key.arn, KeyState: 'PendingReplicaDeletion', PendingWindowInDays: 7 })
    const waiting = await describeIn(kms, REGION, key)
    expect(waiting).toMatchObject({ KeyState: 'PendingReplicaDeletion', PendingDeletionWindowInDays: 7 })
    expect(waiting).not.toHaveProperty('DeletionDate')
    clock.advanceDays(100)
    await there.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 8 })
    await kms.inRegion(THIRD_REGION).scheduleKeyDeletion({ KeyId, PendingWindowInDays: 10 })
    clock.advanceDays(8)
    expect(await describeIn(kms, REGION, key)).toMatchObject({
      KeyState: 'PendingReplicaDeletion',
      MultiRegionConfiguration: { ReplicaKeys: [{ Region: THIRD_REGION }] },
    })
    expect(await describeIn(kms, THIRD_REGION, key)).toMatchObject({
      MultiRegionConfiguration: { ReplicaKeys: [{ Region: THIRD_REGION }] },
    })
    clock.advanceDays(4)
    const dying = await describeIn(kms, REGION, key)
    // The last replica went two days ago, and the seven days count from then.
    expect(dying).toMatchObject({ KeyState: 'PendingDeletion', DeletionDate: new Date(clock.now() + 5 * 86_400_000) })
    clock.advanceDays(5)
    await expect(describeIn(kms, REGION, key)).rejects.toMatchObject({ name: 'NotFoundException' })
  })

  test('of a primary can be called off while it waits', async () => {
    const { fixture, key } = await startWithReplica()
    const { kms } = fixture
    const { KeyId } = key
    await kms.scheduleKeyDeletion({ KeyId })
    await expect(kms.cancelKeyDeletion({ KeyId })).resolves.toEqual({ KeyId: key.arn })
    expect(await describeIn(kms, REGION, key)).toMatchObject({ KeyState: 'Disabled' })
    const { KeyState } = await describeIn(kms, OTHER_REGION, key)
    expect(KeyState).toBe('Enabled')
  })

  test('of a replica takes its material and leaves that of the others', async () => {
    const { fixture, key } = await startWithReplica()
    const { kms, clock, store } = fixture
    const { KeyId } = key
    const { CiphertextBlob = new Uint8Array(0), KeyMaterialId = '' } = await kms.generateDataKey({
      KeyId,
      NumberOfBytes: 9,
    })
    await kms.inRegion(OTHER_REGION).scheduleKeyDeletion({ KeyId })
    clock.advanceDays(30)
    await expect(kms.decrypt({ CiphertextBlob })).resolves.toMatchObject({ KeyId: key.arn })
    await expect(store.getMaterial(OTHER_REGION, KeyMaterialId)).resolves.toBeUndefined()
    expect((await describeIn(kms, REGION, key)).MultiRegionConfiguration?.ReplicaKeys).toEqual([])
    await expect(kms.replicateKey({ KeyId, ReplicaRegion: OTHER_REGION })).resolves.toBeDefined()
    await expect(kms.inRegion(OTHER_REGION).decrypt({ CiphertextBlob })).resolves.toBeDefined()
  })
})

test('a replica is written only when what it shares changes', async () => {
  const { fixture, key } = await startWithReplica()
  const { kms, store } = fixture
  const { KeyId } = key
  const [found] = (await store.listKeys({ account: ACCOUNT, region: OTHER_REGION }, { limit: 1 })).items
  const versionThere = async (): Promise<number> =>
    ((found && (await store.getKey(found, found.keyId)))?.version ?? 0) - (found?.version ?? 0)
  await kms.disableKey({ KeyId })
  await kms.enableKey({ KeyId })
  await kms.scheduleKeyDeletion({ KeyId })
  await kms.cancelKeyDeletion({ KeyId })
  await kms.enableKey({ KeyId })
  expect(await versionThere()).toBe(0)
  await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 })
  expect(await versionThere()).toBe(1)
  await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 })
  expect(await versionThere()).toBe(1)
  await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 91 })
  expect(await versionThere()).toBe(2)
})
