/**
 * Services that work through grants: a volume that is mounted, a database that runs, a table that its own key seals.
 *
 * @covers KMS authorization §4, §8
 */
import { AWS_SERVICES, isWorkingByGrant } from '@softkms/kms'
import type { Kms } from 'softkms'
import { expect, test } from 'vitest'
import { ACCOUNT, OTHER_ACCOUNT, REGION, refusalOf } from '../../support/kms-fixture.ts'
import { allow, createKeyWith, policyOf } from '../../support/policy-scene.ts'
import { createAttachment } from '../../support/services/attachment.ts'
import {
  GUEST,
  KEEPER,
  contextOf,
  delegating,
  principalOf,
  resourceOf,
  startServices,
} from '../../support/services/service-scene.ts'
import { createTable } from '../../support/services/tables.ts'

const DENIED = { code: 'AccessDeniedException' }
const INSTANCE = `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-1`

async function grantsOn(kms: Kms, KeyId: string): Promise<number> {
  return (await kms.listGrants({ KeyId })).Grants?.length ?? 0
}

/** Lets the role make grants for services, and nothing besides. */
const forServices = policyOf(
  delegating,
  allow({
    Principal: { AWS: GUEST },
    Action: 'kms:CreateGrant',
    Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  }),
  allow({
    Principal: { AWS: GUEST },
    Action: 'kms:GenerateDataKeyWithoutPlaintext',
    Condition: { Bool: { 'aws:ViaAWSService': 'true' } },
  }),
)

const rows = AWS_SERVICES.filter(isWorkingByGrant).map((service) => ({ service, title: service.title }))

test('these services work through grants', () => {
  const titles = ['Backup', 'DynamoDB', 'EBS', 'EFS', 'Lambda', 'RDS', 'Redshift', 'SageMaker']
  expect(rows.map(({ title }) => title)).toEqual(titles)
})

test.each(rows)('$title opens what is attached while it is, under a grant of its own', async ({ service }) => {
  const { kms } = await startServices()
  const keyId = await createKeyWith(kms, policyOf(delegating))
  const options = { service: principalOf(service), keyId, sourceArn: resourceOf(service), context: contextOf(service) }
  const thing = createAttachment(kms, options)
  expect(await refusalOf(thing.create(GUEST))).toMatchObject(DENIED)
  await thing.create(KEEPER)
  expect(await refusalOf(thing.write('no'))).toMatchObject(DENIED)
  expect(await refusalOf(thing.attach(GUEST))).toMatchObject(DENIED)

  await thing.attach(KEEPER)
  await thing.write('content')
  await expect(thing.read()).resolves.toBe('content')
  expect(await grantsOn(kms, keyId)).toBe(1)

  await thing.detach()
  expect(await grantsOn(kms, keyId)).toBe(0)
  expect(await refusalOf(thing.read())).toMatchObject(DENIED)
})

test.each(rows)('$title: a grant is for one resource and one context', async ({ service }) => {
  const { kms } = await startServices()
  const keyId = await createKeyWith(kms, policyOf(delegating))
  const context = { ...contextOf(service), more: 'x' }
  const name = principalOf(service)
  const sourceArn = resourceOf(service)
  await createAttachment(kms, { service: name, keyId, sourceArn, context }).attach(KEEPER)
  const through = kms.asService(name, { onBehalfOf: KEEPER })
  const { CiphertextBlob } = await through.generateDataKey({
    KeyId: keyId,
    KeySpec: 'AES_256',
    EncryptionContext: context,
  })
  const opening = { CiphertextBlob, EncryptionContext: context }
  await expect(kms.asService(name, { sourceArn }).decrypt(opening)).resolves.toMatchObject({ KeyId: keyId })
  const strangers = [
    kms.asService(name),
    kms.asService(name, { sourceArn: `${sourceArn}-too` }),
    kms.asService('s3.amazonaws.com', { sourceArn }),
  ]
  for (const stranger of strangers) expect(await refusalOf(stranger.decrypt(opening))).toMatchObject(DENIED)
  const { code } = await refusalOf(kms.asService(name, { sourceArn }).decrypt({ ...opening, EncryptionContext: {} }))
  expect(code).toBe('AccessDeniedException')
})

test('whoever may only let services have grants mounts a volume, and cannot open it', async () => {
  const { kms } = await startServices()
  const keyId = await createKeyWith(kms, forServices)
  const context = { 'aws:ebs:id': 'vol-1' }
  const volume = createAttachment(kms, { service: 'ec2.amazonaws.com', keyId, sourceArn: INSTANCE, context })
  await volume.create(GUEST)
  await volume.attach(GUEST)
  await volume.write('blocks')
  await expect(volume.read()).resolves.toBe('blocks')

  const grant = { KeyId: keyId, GranteePrincipal: GUEST, Operations: ['Decrypt'] } as const
  expect(await refusalOf(kms.as(GUEST).createGrant(grant))).toMatchObject(DENIED)
  const own = { KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: context } as const
  expect(await refusalOf(kms.as(GUEST).generateDataKeyWithoutPlaintext(own))).toMatchObject(DENIED)
  const itself = kms.asService('ec2.amazonaws.com', { sourceArn: INSTANCE })
  expect(await refusalOf(itself.createGrant(grant))).toMatchObject(DENIED)
})

test('a volume without a key of the customer’s is under alias/aws/ebs', async () => {
  const { kms } = await startServices()
  const context = { 'aws:ebs:id': 'vol-2' }
  const options = { service: 'ec2.amazonaws.com', keyId: 'alias/aws/ebs', sourceArn: INSTANCE, context }
  const volume = createAttachment(kms, options)
  await volume.create(GUEST)
  await volume.attach(GUEST)
  await volume.write('blocks')
  await expect(volume.read()).resolves.toBe('blocks')
  const { KeyMetadata } = await kms.describeKey({ KeyId: 'alias/aws/ebs' })
  expect(await grantsOn(kms, KeyMetadata?.Arn ?? '')).toBe(1)
  await volume.detach()
  const theirs = createAttachment(kms, { ...options, keyId: KeyMetadata?.Arn ?? '' })
  expect(await refusalOf(theirs.create(OTHER_ACCOUNT))).toMatchObject(DENIED)
})

test('a grant of another’s is not the service’s to retire', async () => {
  const { kms } = await startServices()
  const KeyId = await createKeyWith(kms, policyOf(delegating))
  const { GrantId } = await kms.createGrant({ KeyId, GranteePrincipal: GUEST, Operations: ['Decrypt'] })
  const ec2 = kms.asService('ec2.amazonaws.com', { sourceArn: INSTANCE })
  expect(await refusalOf(ec2.retireGrant({ KeyId, GrantId }))).toMatchObject(DENIED)
  expect(await grantsOn(kms, KeyId)).toBe(1)
})

test('DynamoDB keeps tables under its own key, which nobody sees', async () => {
  const { kms } = await startServices()
  const table = await createTable(kms, { name: 'orders' })
  await table.putItem('1', 'a book')
  await expect(table.getItem('1')).resolves.toBe('a book')
  expect((await kms.listKeys()).Keys).toEqual([])
  await table.drop()
})

test('DynamoDB keeps tables under a key of the customer’s, while it has the grant', async () => {
  const { kms } = await startServices()
  const keyId = await createKeyWith(kms, policyOf(delegating))
  const refused = createTable(kms, { name: 'orders', customerKey: { keyId, creator: GUEST } })
  expect(await refusalOf(refused)).toMatchObject(DENIED)
  const table = await createTable(kms, { name: 'orders', customerKey: { keyId, creator: KEEPER } })
  await table.putItem('1', 'a book')
  await expect(table.getItem('1')).resolves.toBe('a book')
  await kms.disableKey({ KeyId: keyId })
  expect((await refusalOf(table.getItem('1'))).code).toBe('DisabledException')
  await kms.enableKey({ KeyId: keyId })
  await table.drop()
  expect(await grantsOn(kms, keyId)).toBe(0)
  expect(await refusalOf(table.putItem('2', 'a pen'))).toMatchObject(DENIED)
})
