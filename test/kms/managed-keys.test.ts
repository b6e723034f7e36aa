/**
 * AWS managed keys: made when they are first asked for, rotated every year, and nobody's to change.
 *
 * @covers KMS authorization §7; crypto-details §9
 */
import { expect, test } from 'vitest'
import {
  ACCOUNT,
  type KmsFixture,
  OTHER_ACCOUNT,
  OTHER_REGION,
  REGION,
  call,
  days,
  expectRefusal,
  refusalOf,
  startKms,
} from '../support/kms-fixture.ts'
import { KEY_OPERATIONS, surround, titleOf } from '../support/key-operations.ts'

const ALIAS = 'alias/aws/s3'

async function managedKeyOf({ kms }: Pick<KmsFixture, 'kms'>): Promise<string> {
  return (await kms.describeKey({ KeyId: ALIAS })).KeyMetadata?.KeyId ?? ''
}

test('DescribeKey makes the key of a service that is asked for, once for each account and Region', async () => {
  const { kms } = await startKms()
  const { KeyMetadata } = await kms.describeKey({ KeyId: ALIAS })
  expect(KeyMetadata).toMatchObject({
    KeyManager: 'AWS',
    KeyState: 'Enabled',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
    MultiRegion: false,
    Origin: 'AWS_KMS',
    AWSAccountId: ACCOUNT,
  })
  const { KeyId, Arn } = KeyMetadata ?? {}
  for (const name of [ALIAS, `arn:aws:kms:${REGION}:${ACCOUNT}:${ALIAS}`, KeyId ?? '', Arn ?? '']) {
    expect((await kms.describeKey({ KeyId: name })).KeyMetadata).toEqual(KeyMetadata)
  }
  const ids = [KeyId]
  for (const elsewhere of [kms.inRegion(OTHER_REGION), kms.as(OTHER_ACCOUNT)]) {
    ids.push(await managedKeyOf({ kms: elsewhere }))
  }
  ids.push((await kms.describeKey({ KeyId: 'alias/aws/ebs' })).KeyMetadata?.KeyId)
  expect(new Set(ids).size).toBe(4)
  const { Aliases } = await kms.listAliases()
  expect(Aliases).toMatchObject([{ AliasName: 'alias/aws/ebs' }, { AliasName: ALIAS, TargetKeyId: KeyId }])
})

test('many who ask at once get one key', async () => {
  const fixture = await startKms()
  const ids = await Promise.all(Array.from({ length: 8 }, () => managedKeyOf(fixture)))
  expect(new Set(ids).size).toBe(1)
  await expect(fixture.kms.listKeys()).resolves.toMatchObject({ Keys: [{ KeyId: ids[0] }] })
})

test('services that have none, and other accounts, get none', async () => {
  const fixture = await startKms()
  const nobody = `Alias arn:aws:kms:${REGION}:${ACCOUNT}:alias/aws/nobody is not found.`
  await expectRefusal(fixture, 'DescribeKey', { KeyId: 'alias/aws/nobody' }, 'NotFoundException', nobody)
  const { code } = await refusalOf(
    fixture.kms.as(OTHER_ACCOUNT).describeKey({ KeyId: `arn:aws:kms:${REGION}:${ACCOUNT}:${ALIAS}` }),
  )
  expect(code).toBe('AccessDeniedException')
  const message = `Alias arn:aws:kms:${REGION}:${ACCOUNT}:${ALIAS} is not found.`
  await expectRefusal(fixture, 'Encrypt', { KeyId: ALIAS, Plaintext: Uint8Array.of(1) }, 'NotFoundException', message)
})

test('the policy lets the service through, and the account look', async () => {
  const fixture = await startKms()
  const { Policy = '' } = await fixture.kms.getKeyPolicy({ KeyId: await managedKeyOf(fixture) })
  const policy = JSON.parse(Policy) as { Id: string; Statement: { Condition?: unknown; Action: string[] }[] }
  expect(policy.Id).toBe('auto-s3-2')
  expect(policy.Statement[0]?.Condition).toEqual({
    StringEquals: { 'kms:CallerAccount': ACCOUNT, 'kms:ViaService': `s3.${REGION}.amazonaws.com` },
  })
  expect(policy.Statement[1]?.Action).toEqual(['kms:Describe*', 'kms:Get*', 'kms:List*'])
})

test('it rotates every year, always', async () => {
  const fixture = await startKms()
  const { kms, clock } = fixture
  const KeyId = await managedKeyOf(fixture)
  const born = clock.now()
  await expect(kms.getKeyRotationStatus({ KeyId })).resolves.toMatchObject({
    KeyRotationEnabled: true,
    RotationPeriodInDays: 365,
    NextRotationDate: new Date(born + days(365)),
  })
  clock.advanceDays(3650)
  const { Rotations } = await kms.listKeyRotations({ KeyId })
  expect(Rotations?.map(({ RotationDate }) => RotationDate?.getTime())).toEqual(
    Array.from({ length: 10 }, (_, year) => born + days(365 * (year + 1))),
  )
})

const CHANGES = KEY_OPERATIONS.filter(({ name }) =>
  [
    'CancelKeyDeletion',
    'CreateAlias',
    'DisableKey',
    'DisableKeyRotation',
    'EnableKey',
    'EnableKeyRotation',
    'PutKeyPolicy',
    'RotateKeyOnDemand',
    'ScheduleKeyDeletion',
    'TagResource',
    'UntagResource',
    'UpdateAlias',
    'UpdateKeyDescription',
  ].includes(name),
).map((operation) => ({ ...operation, title: titleOf(operation) }))

test.each(CHANGES)('nobody can ask it for $title', async ({ name, input }) => {
  const fixture = await startKms()
  const { kms } = fixture
  const KeyId = await managedKeyOf(fixture)
  const other = (await kms.createKey()).KeyMetadata?.KeyId ?? ''
  const request = input(KeyId, await surround(kms, other))
  const before = await fixture.store.getKey({ account: ACCOUNT, region: REGION }, KeyId as never)
  expect((await refusalOf(call(kms, name, request))).code).toBe('AccessDeniedException')
  expect(await fixture.store.getKey({ account: ACCOUNT, region: REGION }, KeyId as never)).toEqual(before)
})
