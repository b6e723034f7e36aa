/**
 * The keys of services: AWS managed ones, made by their first use and used through the service alone, and AWS owned
 * ones, which no account sees.
 *
 * @covers KMS authorization §7
 */
import { AWS_SERVICES, createMemoryStore } from '@softkms/kms'
import type { Kms } from 'softkms'
import { expect, test } from 'vitest'
import { ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, refusalOf } from '../../support/kms-fixture.ts'
import { KEEPER, contextOf, forwarded, principalOf, startServices } from '../../support/services/service-scene.ts'

const OWNER = '900000090000'

const managed = AWS_SERVICES.flatMap((service) =>
  service.managed === undefined ? [] : [{ service, alias: `alias/aws/${service.managed.alias}` }],
)

async function dataKeyUnder(kms: Kms, KeyId: string, EncryptionContext: Record<string, string> = {}) {
  return kms.generateDataKey({ KeyId, KeySpec: 'AES_256', EncryptionContext })
}

test('the services that have no AWS managed key are these', () => {
  const without = AWS_SERVICES.filter((service) => service.managed === undefined).map(({ code }) => code)
  expect(without).toEqual(['logs', 'sagemaker'])
})

test.each(managed)('$alias is made by its first use, through its service alone', async ({ service, alias }) => {
  const { kms } = await startServices()
  const context = contextOf(service)
  const other = managed.find((row) => row.alias !== alias)?.service ?? service
  const direct = kms.as(KEEPER)
  for (const caller of [direct, forwarded(kms, other, KEEPER), kms.asService(principalOf(service))]) {
    expect((await refusalOf(dataKeyUnder(caller, alias))).code).toBe('NotFoundException')
  }
  expect((await kms.listKeys()).Keys).toEqual([])

  const through = forwarded(kms, service, KEEPER)
  const { KeyId = '', CiphertextBlob } = await dataKeyUnder(through, alias, context)
  expect((await kms.listAliases()).Aliases).toMatchObject([{ AliasName: alias, TargetKeyId: KeyId.split('/')[1] }])
  await expect(dataKeyUnder(through, alias, context)).resolves.toMatchObject({ KeyId })
  await expect(through.decrypt({ CiphertextBlob, EncryptionContext: context })).resolves.toMatchObject({ KeyId })
  for (const caller of [direct, kms, forwarded(kms, other, KEEPER), kms.asService(principalOf(service))]) {
    const opening = caller.decrypt({ CiphertextBlob, EncryptionContext: context })
    expect((await refusalOf(opening)).code).toBe('AccessDeniedException')
  }
  await expect(direct.describeKey({ KeyId: alias })).resolves.toMatchObject({ KeyMetadata: { KeyManager: 'AWS' } })
})

test('an AWS managed key is its account’s alone', async () => {
  const { kms } = await startServices()
  const theirs = kms.asService('s3.amazonaws.com', { onBehalfOf: OTHER_ACCOUNT })
  const alias = `arn:aws:kms:${REGION}:${ACCOUNT}:alias/aws/s3`
  expect((await refusalOf(dataKeyUnder(theirs, alias))).code).toBe('AccessDeniedException')
  expect((await kms.listKeys()).Keys).toEqual([])
  const { KeyId = '' } = await dataKeyUnder(kms.asService('s3.amazonaws.com', { onBehalfOf: KEEPER }), alias)
  for (const name of [KeyId, alias]) {
    expect((await refusalOf(dataKeyUnder(theirs, name))).code).toBe('AccessDeniedException')
  }
  expect((await dataKeyUnder(theirs, 'alias/aws/s3')).KeyId).not.toBe(KeyId)
})

test('whoever may not use keys may not use it through the service either, when IAM says so', async () => {
  const { kms, iam } = await startServices()
  iam.setAccount(ACCOUNT, {
    serviceControl: [
      [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'kms:Describe*', Resource: '*' } }],
    ],
  })
  const through = kms.asService('s3.amazonaws.com', { onBehalfOf: KEEPER })
  expect((await refusalOf(dataKeyUnder(through, 'alias/aws/s3'))).code).toBe('AccessDeniedException')
})

test('many who use a service for the first time at once get one key', async () => {
  const { kms } = await startServices()
  const through = kms.asService('sqs.amazonaws.com', { onBehalfOf: KEEPER })
  const made = await Promise.all(Array.from({ length: 8 }, () => dataKeyUnder(through, 'alias/aws/sqs')))
  expect(new Set(made.map(({ KeyId }) => KeyId)).size).toBe(1)
  expect((await kms.listKeys()).Keys).toHaveLength(1)
})

test('the service uses the key that it owns, for itself', async () => {
  const { kms } = await startServices()
  const dynamodb = kms.asService('dynamodb.amazonaws.com')
  const KeyId = await dynamodb.ownedKey()
  expect(KeyId).toMatch(new RegExp(`^arn:aws:kms:${REGION}:${OWNER}:key/`))
  expect(await kms.asService(`dynamodb.${REGION}.amazonaws.com`, { sourceAccount: OTHER_ACCOUNT }).ownedKey()).toBe(
    KeyId,
  )
  const EncryptionContext = { 'aws:dynamodb:tableName': 'orders', 'aws:dynamodb:subscriberId': ACCOUNT }
  const { CiphertextBlob, Plaintext } = await dataKeyUnder(dynamodb, KeyId, EncryptionContext)
  await expect(dynamodb.decrypt({ CiphertextBlob, EncryptionContext })).resolves.toMatchObject({ Plaintext, KeyId })
  await expect(
    kms.asService(`dynamodb.${REGION}.amazonaws.com`).decrypt({ CiphertextBlob, EncryptionContext }),
  ).resolves.toMatchObject({ Plaintext })
  const others = [await kms.asService('s3.amazonaws.com').ownedKey(), await dynamodb.inRegion(OTHER_REGION).ownedKey()]
  expect(new Set([KeyId, ...others]).size).toBe(3)
})

test.each(['enforce', 'audit', 'off'] as const)(
  'no account sees a key that AWS owns, mode %s',
  async (authorization) => {
    const { kms } = await startServices({ authorization })
    const dynamodb = kms.asService('dynamodb.amazonaws.com')
    const KeyId = await dynamodb.ownedKey()
    const { CiphertextBlob } = await dataKeyUnder(dynamodb, KeyId)
    const nobody = KeyId.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000')
    const strangers = [
      kms,
      kms.as(KEEPER),
      kms.as(OTHER_ACCOUNT),
      kms.asService('dynamodb.amazonaws.com', { onBehalfOf: KEEPER }),
    ]
    for (const stranger of strangers) {
      const refusals = await Promise.all([KeyId, nobody].map((name) => refusalOf(dataKeyUnder(stranger, name))))
      expect(refusals[0]?.code).toBe('AccessDeniedException')
      expect(refusals[0]).toEqual(refusals[1])
      expect((await refusalOf(stranger.describeKey({ KeyId }))).code).toBe('AccessDeniedException')
      expect((await refusalOf(stranger.decrypt({ CiphertextBlob }))).code).toBe('AccessDeniedException')
      expect((await refusalOf(stranger.describeKey({ KeyId: KeyId.split('/')[1] }))).code).toBe('NotFoundException')
    }
    for (const account of [kms, kms.as(OTHER_ACCOUNT)]) {
      expect((await account.listKeys()).Keys).toEqual([])
      expect((await account.listAliases()).Aliases).toEqual([])
    }
    expect((await refusalOf(dataKeyUnder(kms.asService('s3.amazonaws.com'), KeyId))).code).toBe('AccessDeniedException')
  },
)

test('nobody calls from the account of AWS owned keys', async () => {
  const { kms } = await startServices()
  await kms.asService('s3.amazonaws.com').ownedKey()
  for (const caller of [kms.as(OWNER), kms.asService('s3.amazonaws.com', { sourceAccount: OWNER })]) {
    expect((await refusalOf(caller.listKeys())).code).toBe('AccessDeniedException')
    expect((await refusalOf(caller.describeKey({ KeyId: 'alias/aws/s3' }))).code).toBe('AccessDeniedException')
  }
})

test('a key that AWS owns rotates every year, and opens what it sealed before', async () => {
  const store = createMemoryStore()
  const { kms, clock } = await startServices({ store })
  const sns = kms.asService('sns.amazonaws.com')
  const KeyId = await sns.ownedKey()
  const before = await dataKeyUnder(sns, KeyId)
  clock.advanceDays(366)
  const after = await dataKeyUnder(sns, KeyId)
  expect(after.KeyMaterialId).not.toBe(before.KeyMaterialId)
  const { CiphertextBlob, Plaintext } = before
  await expect(sns.decrypt({ CiphertextBlob })).resolves.toMatchObject({ Plaintext })
})
