/**
 * Small honest services on softkms: what they keep is sealed, who may not use the key gets nothing, and KMS is asked as
 * AWS's services ask it.
 *
 * @covers KMS authorization §8
 */
import { findService } from '@softkms/kms'
import type { Kms } from 'softkms'
import { expect, test } from 'vitest'
import { ACCOUNT, OTHER_ACCOUNT, REGION, refusalOf } from '../../support/kms-fixture.ts'
import { allow, createKeyWith, policyOf } from '../../support/policy-scene.ts'
import { createLogGroup } from '../../support/services/logs.ts'
import { createQueue, createTopic, sqsFor } from '../../support/services/messaging.ts'
import { createParameterStore } from '../../support/services/parameter-store.ts'
import { createS3 } from '../../support/services/s3.ts'
import { createSecretsManager } from '../../support/services/secrets-manager.ts'
import {
  GUEST,
  KEEPER,
  type ServiceScene,
  delegating,
  principalOf,
  startServices,
} from '../../support/services/service-scene.ts'
import { type Shelf, createDataCatalog, createRegistry, createStream } from '../../support/services/shelf.ts'

const DENIED = { code: 'AccessDeniedException' }
const WRITER = `arn:aws:iam::${ACCOUNT}:role/writer`

/** The operations that were asked since, each with the names of its encryption context. */
function asked({ audit }: ServiceScene, since: number): readonly string[] {
  return audit.entries.slice(since).map(({ operation, request }) => {
    const names = Object.keys(request['EncryptionContext'] ?? {})
    return [operation, ...names].join(' ')
  })
}

/** A writer that may draw data keys and no more. */
async function startWithWriter(): Promise<ServiceScene> {
  const scene = await startServices()
  scene.iam.set(WRITER, { identity: [policyOf(allow({ Action: 'kms:GenerateDataKey' }))] })
  return scene
}

test('S3 stores objects under SSE-KMS, and asks in its callers’ names', async () => {
  const scene = await startWithWriter()
  const s3 = createS3(scene.kms)
  s3.createBucket('plain', { keyId: await createKeyWith(scene.kms, policyOf(delegating)), hasBucketKey: false })
  const since = scene.audit.entries.length
  await s3.putObject(WRITER, 'plain', 'a.txt', 'hello')
  await expect(s3.getObject(KEEPER, 'plain', 'a.txt')).resolves.toBe('hello')
  expect(asked(scene, since)).toEqual(['GenerateDataKey aws:s3:arn', 'Decrypt aws:s3:arn'])
  for (const stranger of [WRITER, GUEST, OTHER_ACCOUNT]) {
    expect(await refusalOf(s3.getObject(stranger, 'plain', 'a.txt'))).toMatchObject(DENIED)
  }
  expect(await refusalOf(s3.putObject(GUEST, 'plain', 'b.txt', 'no'))).toMatchObject(DENIED)
})

test('S3 with a bucket key asks once for a caller, and for every caller', async () => {
  const scene = await startServices()
  const s3 = createS3(scene.kms)
  s3.createBucket('busy', { hasBucketKey: true })
  const since = scene.audit.entries.length
  for (let i = 0; i < 20; i++) await s3.putObject(KEEPER, 'busy', `${i}`, `object ${i}`)
  for (let i = 0; i < 20; i++) await expect(s3.getObject(KEEPER, 'busy', `${i}`)).resolves.toBe(`object ${i}`)
  expect(asked(scene, since)).toEqual(['GenerateDataKey aws:s3:arn'])
  const { Aliases } = await scene.kms.listAliases()
  expect(Aliases).toMatchObject([{ AliasName: 'alias/aws/s3' }])
  expect(await refusalOf(s3.getObject(OTHER_ACCOUNT, 'busy', '1'))).toMatchObject(DENIED)
})

test('an object of S3 opens as no other object', async () => {
  const { kms } = await startServices()
  const key = await createKeyWith(kms, policyOf(delegating))
  const through = kms.asService('s3.amazonaws.com', { onBehalfOf: KEEPER })
  const own = { 'aws:s3:arn': 'arn:aws:s3:::plain/a.txt' }
  const { CiphertextBlob } = await through.generateDataKey({ KeyId: key, KeySpec: 'AES_256', EncryptionContext: own })
  const EncryptionContext = { 'aws:s3:arn': 'arn:aws:s3:::plain/b.txt' }
  const { code } = await refusalOf(through.decrypt({ CiphertextBlob, EncryptionContext }))
  expect(code).toBe('InvalidCiphertextException')
})

test('Secrets Manager rotates a secret, and keeps the one before', async () => {
  const scene = await startWithWriter()
  const secrets = createSecretsManager(scene.kms)
  await secrets.createSecret(WRITER, 'db', 'password-1')
  const since = scene.audit.entries.length
  await secrets.rotateSecret(KEEPER, 'db', (value) => value.replace('1', '2'))
  const context = 'SecretARN SecretVersionId'
  expect(asked(scene, since)).toEqual([`Decrypt ${context}`, `GenerateDataKey ${context}`])
  await expect(secrets.getSecretValue(KEEPER, 'db')).resolves.toBe('password-2')
  await expect(secrets.getSecretValue(KEEPER, 'db', 'AWSPREVIOUS')).resolves.toBe('password-1')
  await secrets.rotateSecret(KEEPER, 'db', (value) => value.replace('2', '3'))
  await expect(secrets.getSecretValue(KEEPER, 'db', 'AWSPREVIOUS')).resolves.toBe('password-2')
})

test('Secrets Manager asks a key of the customer’s in the caller’s name', async () => {
  const { kms } = await startWithWriter()
  const secrets = createSecretsManager(kms)
  await secrets.createSecret(WRITER, 'db', 'password-1', await createKeyWith(kms, policyOf(delegating)))
  for (const stranger of [WRITER, GUEST]) {
    expect(await refusalOf(secrets.getSecretValue(stranger, 'db'))).toMatchObject(DENIED)
    expect(await refusalOf(secrets.rotateSecret(stranger, 'db', () => 'mine'))).toMatchObject(DENIED)
  }
  await expect(secrets.getSecretValue(KEEPER, 'db')).resolves.toBe('password-1')
})

test('Parameter Store seals standard parameters with Encrypt, and advanced ones under data keys', async () => {
  const scene = await startServices()
  const key = await createKeyWith(scene.kms, policyOf(delegating))
  const store = createParameterStore(scene.kms, key)
  const since = scene.audit.entries.length
  await store.putParameter(KEEPER, '/app/small', 'little')
  await store.putParameter(KEEPER, '/app/large', 'x'.repeat(8192), 'Advanced')
  await expect(store.getParameter(KEEPER, '/app/small')).resolves.toBe('little')
  await expect(store.getParameter(KEEPER, '/app/large')).resolves.toHaveLength(8192)
  const operations = ['Encrypt', 'GenerateDataKey', 'Decrypt', 'Decrypt']
  expect(asked(scene, since)).toEqual(operations.map((operation) => `${operation} PARAMETER_ARN`))
  expect(await refusalOf(store.getParameter(GUEST, '/app/small'))).toMatchObject(DENIED)
  expect(await refusalOf(store.putParameter(GUEST, '/app/small', 'mine'))).toMatchObject(DENIED)
})

test('SQS uses a data key for a while, for each producer', async () => {
  const scene = await startWithWriter()
  const { kms, clock, audit } = scene
  const keyId = await createKeyWith(kms, policyOf(delegating))
  const queue = createQueue(kms, { name: 'jobs', keyId, now: () => clock.now(), reuseMs: 300_000 })
  const since = audit.entries.length
  for (const body of ['1', '2']) await queue.send(sqsFor(kms, WRITER), body)
  clock.advance(300_000)
  await queue.send(sqsFor(kms, WRITER), '3')
  expect(asked(scene, since)).toEqual(['GenerateDataKey aws:sqs:arn', 'GenerateDataKey aws:sqs:arn'])
  expect(await refusalOf(queue.send(sqsFor(kms, GUEST), '4'))).toMatchObject(DENIED)
  expect(await refusalOf(queue.receive(WRITER))).toMatchObject(DENIED)
  for (const body of ['1', '2', '3', undefined]) await expect(queue.receive(KEEPER)).resolves.toBe(body)
})

test('SNS delivers to an encrypted queue, when the policies of both keys let it', async () => {
  const { kms } = await startServices()
  const sourceArn = `arn:aws:sns:${REGION}:${ACCOUNT}:news`
  const Action = ['kms:GenerateDataKey', 'kms:Decrypt']
  const Condition = { ArnEquals: { 'aws:SourceArn': sourceArn } }
  const forSns = policyOf(delegating, allow({ Principal: { Service: 'sns.amazonaws.com' }, Action, Condition }))
  const options = { name: 'inbox', now: () => 0, reuseMs: 0 }
  const open = createQueue(kms, { ...options, keyId: await createKeyWith(kms, forSns) })
  const closed = createQueue(kms, { ...options, keyId: await createKeyWith(kms, policyOf(delegating)) })
  const keyOfTopic = await createKeyWith(kms, forSns)

  const news = createTopic(kms, 'news', keyOfTopic, [open])
  await news.publish(KEEPER, 'hello')
  await news.deliver()
  await expect(open.receive(KEEPER)).resolves.toBe('hello')
  expect(await refusalOf(news.publish(GUEST, 'no'))).toMatchObject(DENIED)

  const toClosed = createTopic(kms, 'news', keyOfTopic, [closed])
  await toClosed.publish(KEEPER, 'hello')
  expect(await refusalOf(toClosed.deliver())).toMatchObject(DENIED)
  // Another topic of the same account is not the one that the policies name.
  const other = createTopic(kms, 'other', keyOfTopic, [open])
  await other.publish(KEEPER, 'hello')
  expect(await refusalOf(other.deliver())).toMatchObject(DENIED)
})

test('CloudWatch Logs seals events as itself, for the log groups that the key policy names', async () => {
  const { kms } = await startServices()
  const Condition = {
    ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:app*` },
  }
  const Principal = { Service: `logs.${REGION}.amazonaws.com` }
  const key = await createKeyWith(kms, policyOf(delegating, allow({ Principal, Condition })))
  const group = createLogGroup(kms, 'app-1', key)
  await group.putEvents(['started', 'stopped'])
  await group.putEvents(['started'])
  await expect(group.getEvents()).resolves.toEqual(['started', 'stopped', 'started'])
  expect(await refusalOf(createLogGroup(kms, 'web', key).putEvents(['no']))).toMatchObject(DENIED)
  const silent = createLogGroup(kms, 'app-1', await createKeyWith(kms, policyOf(delegating)))
  expect(await refusalOf(silent.putEvents(['no']))).toMatchObject(DENIED)
})

const SHELVES: ReadonlyArray<readonly [service: string, create: (kms: Kms, keyId: string) => Shelf]> = [
  ['ecr.amazonaws.com', (kms, keyId) => createRegistry(kms, 'app', keyId)],
  ['glue.amazonaws.com', createDataCatalog],
  ['kinesis.amazonaws.com', (kms, keyId) => createStream(kms, 'clicks', keyId)],
]

test.each(SHELVES)('%s puts things away for its callers', async (name, create) => {
  const scene = await startWithWriter()
  const service = findService(name)
  if (service === undefined) throw new Error(`${name} is not there`)
  const shelf = create(scene.kms, await createKeyWith(scene.kms, policyOf(delegating)))
  const since = scene.audit.entries.length
  await shelf.put(WRITER, 'one', 'content')
  await expect(shelf.get(KEEPER, 'one')).resolves.toBe('content')
  const context = service.contextKeys.join(' ')
  expect(asked(scene, since)).toEqual([`GenerateDataKey ${context}`, `Decrypt ${context}`])
  expect(await refusalOf(shelf.get(WRITER, 'one'))).toMatchObject(DENIED)
  const managed = create(scene.kms, `alias/aws/${service.managed?.alias ?? ''}`)
  await managed.put(GUEST, 'one', 'content')
  await expect(managed.get(GUEST, 'one')).resolves.toBe('content')
  expect(principalOf(service)).toBe(name)
})
