/**
 * CreateAlias, UpdateAlias, DeleteAlias, and ListAliases as far as it is not paging.
 *
 * @covers KMS operations; wire §4; crypto-details §11
 */
import { expect, test } from 'vitest'
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  OTHER_REGION,
  REGION,
  createKey,
  expectRefusal,
  startKms,
} from '../../support/kms-fixture.ts'

const arnOf = (name: string): string => `arn:aws:kms:${REGION}:${ACCOUNT}:${name}`

async function setScene() {
  const fixture = await startKms()
  const first = await createKey(fixture.kms)
  const second = await createKey(fixture.kms)
  return { ...fixture, first, second }
}

test('an alias has the members that AWS shows, and two dates', async () => {
  const { kms, clock, first, second } = await setScene()
  const CreationDate = new Date(clock.now())
  await expect(kms.createAlias({ AliasName: 'alias/a', TargetKeyId: first.keyId })).resolves.toStrictEqual({})
  const entry = { AliasName: 'alias/a', AliasArn: arnOf('alias/a'), CreationDate }
  await expect(kms.listAliases()).resolves.toStrictEqual({
    Aliases: [{ ...entry, TargetKeyId: first.keyId, LastUpdatedDate: CreationDate }],
    Truncated: false,
  })
  clock.advance(5000)
  await expect(kms.updateAlias({ AliasName: 'alias/a', TargetKeyId: second.arn })).resolves.toStrictEqual({})
  await expect(kms.listAliases()).resolves.toStrictEqual({
    Aliases: [{ ...entry, TargetKeyId: second.keyId, LastUpdatedDate: new Date(clock.now()) }],
    Truncated: false,
  })
  await expect(kms.deleteAlias({ AliasName: 'alias/a' })).resolves.toStrictEqual({})
  await expect(kms.listAliases()).resolves.toStrictEqual({ Aliases: [], Truncated: false })
  await expect(kms.describeKey({ KeyId: second.keyId })).resolves.toMatchObject({ KeyMetadata: { Enabled: true } })
})

test('a key has any number of aliases, and each is listed under its own key', async () => {
  const { kms, first, second } = await setScene()
  for (const [name, { keyId }] of [
    ['alias/b', first],
    ['alias/a', first],
    ['alias/A', second],
  ] as const) {
    await kms.createAlias({ AliasName: name, TargetKeyId: keyId })
  }
  const namesOf = async (input: object) => (await kms.listAliases(input)).Aliases?.map(({ AliasName }) => AliasName)
  expect(await namesOf({})).toEqual(['alias/A', 'alias/a', 'alias/b'])
  expect(await namesOf({ KeyId: first.keyId })).toEqual(['alias/a', 'alias/b'])
  expect(await namesOf({ KeyId: second.arn })).toEqual(['alias/A'])
  await kms.updateAlias({ AliasName: 'alias/a', TargetKeyId: second.keyId })
  expect(await namesOf({ KeyId: first.keyId })).toEqual(['alias/b'])
  expect(await namesOf({ KeyId: second.arn })).toEqual(['alias/A', 'alias/a'])
})

test('a name is taken once in an account and a Region', async () => {
  const scene = await setScene()
  const { kms, first, second } = scene
  await kms.createAlias({ AliasName: 'alias/a', TargetKeyId: first.keyId })
  const message = `An alias with the name ${arnOf('alias/a')} already exists`
  for (const { keyId: TargetKeyId } of [first, second]) {
    await expectRefusal(scene, 'CreateAlias', { AliasName: 'alias/a', TargetKeyId }, 'AlreadyExistsException', message)
  }
  for (const elsewhere of [kms.inRegion(OTHER_REGION), kms.as(OTHER_ACCOUNT)]) {
    const { keyId: TargetKeyId } = await createKey(elsewhere)
    await expect(elsewhere.createAlias({ AliasName: 'alias/a', TargetKeyId })).resolves.toStrictEqual({})
  }
})

test('the same target again is no fault', async () => {
  const { kms, first } = await setScene()
  await kms.createAlias({ AliasName: 'alias/a', TargetKeyId: first.keyId })
  await kms.updateAlias({ AliasName: 'alias/a', TargetKeyId: first.keyId })
  const { Aliases } = await kms.listAliases({ KeyId: first.keyId })
  expect(Aliases).toHaveLength(1)
})

const ALIAS_OPERATIONS = ['CreateAlias', 'UpdateAlias', 'DeleteAlias'] as const

test.each(ALIAS_OPERATIONS)('%s takes a name that begins with alias/', async (name) => {
  const scene = await setScene()
  const message =
    'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html'
  for (const AliasName of ['a', 'Alias/a', 'alias', '/alias/a', 'aws/s3', arnOf('alias/a')]) {
    const input = { AliasName, TargetKeyId: scene.first.keyId }
    await expectRefusal(scene, name, input, 'ValidationException', message)
  }
})

test.each(ALIAS_OPERATIONS)('%s keeps away from the aliases of AWS', async (name) => {
  const scene = await setScene()
  for (const AliasName of ['alias/aws/s3', 'alias/aws/', 'alias/aws/x/y']) {
    const input = { AliasName, TargetKeyId: scene.first.keyId }
    await expectRefusal(scene, name, input, 'NotAuthorizedException', '')
  }
})

test.each(ALIAS_OPERATIONS)('%s refuses a name that the service does not take', async (name) => {
  const scene = await setScene()
  for (const AliasName of ['alias/', 'alias/a:b', 'alias/:']) {
    const message = `${AliasName} contains invalid characters for an alias`
    const input = { AliasName, TargetKeyId: scene.first.keyId }
    await expectRefusal(scene, name, input, 'InvalidAliasNameException', message)
  }
})

test.each(ALIAS_OPERATIONS)('%s refuses a name that the model does not take', async (name) => {
  const scene = await setScene()
  const TargetKeyId = scene.first.keyId
  for (const AliasName of ['alias/a b', 'alias/é', 'alias/a\n']) {
    const message =
      `1 validation error detected: Value '${AliasName}' at 'aliasName' failed to satisfy constraint: ` +
      'Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$'
    await expectRefusal(scene, name, { AliasName, TargetKeyId }, 'ValidationException', message)
  }
  const AliasName = `alias/${'a'.repeat(251)}`
  const message =
    `1 validation error detected: Value '${AliasName}' at 'aliasName' failed to satisfy constraint: ` +
    'Member must have length less than or equal to 256'
  await expectRefusal(scene, name, { AliasName, TargetKeyId }, 'ValidationException', message)
})

test('a name may have 256 characters, slashes, and what JavaScript has names for', async () => {
  const { kms, first } = await setScene()
  const names = [`alias/${'a'.repeat(250)}`, 'alias/a/b//c', 'alias/-_', 'alias/__proto__', 'alias/aws', 'alias/AWS/s3']
  for (const AliasName of names) {
    await kms.createAlias({ AliasName, TargetKeyId: first.keyId })
    const { KeyMetadata } = await kms.describeKey({ KeyId: AliasName })
    expect(KeyMetadata?.KeyId).toBe(first.keyId)
  }
  const { Aliases } = await kms.listAliases()
  expect(Aliases?.map(({ AliasName }) => AliasName)).toEqual(names.toSorted())
})

test.each(['UpdateAlias', 'DeleteAlias'] as const)('%s needs an alias that is there', async (name) => {
  const scene = await setScene()
  const input = { AliasName: 'alias/nobody', TargetKeyId: scene.first.keyId }
  await expectRefusal(scene, name, input, 'NotFoundException', `Alias ${arnOf('alias/nobody')} is not found.`)
})

test("another account's or Region's alias is not there", async () => {
  const scene = await setScene()
  await scene.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: scene.first.keyId })
  for (const kms of [scene.kms.inRegion(OTHER_REGION), scene.kms.as(OTHER_ACCOUNT)]) {
    const { account, region } = kms.defaults
    const message = `Alias arn:aws:kms:${region}:${account}:alias/a is not found.`
    await expectRefusal({ ...scene, kms }, 'DeleteAlias', { AliasName: 'alias/a' }, 'NotFoundException', message)
    await expect(kms.listAliases()).resolves.toStrictEqual({ Aliases: [], Truncated: false })
  }
})
