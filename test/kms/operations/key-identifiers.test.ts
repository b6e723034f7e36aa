/**
 * Which names of a key each operation takes, and what it says to all others.
 *
 * @covers KMS operations, "Which key identifiers an operation accepts"; wire §4
 */
import { OPERATIONS } from '@softkms/kms'
import { expect, test } from 'vitest'
import {
  ACCOUNT,
  type KmsFixture,
  OTHER_ACCOUNT,
  OTHER_REGION,
  REGION,
  call,
  createKey,
  expectRefusal,
  startKms,
} from '../../support/kms-fixture.ts'
import {
  KEYLESS_OPERATIONS,
  KEY_OPERATIONS,
  OPERATIONS_OF_IMPORT_AND_REGIONS,
  OPERATIONS_OF_OTHER_KEYS,
  type Surroundings,
  surround,
  titleOf,
} from '../../support/key-operations.ts'

interface Identifiers {
  readonly keyId: string
  readonly keyArn: string
  readonly aliasName: string
  readonly aliasArn: string
}

interface Scene extends KmsFixture {
  readonly identifiers: Identifiers
  readonly surroundings: Surroundings
}

async function setScene(isPendingDeletion: boolean): Promise<Scene> {
  const fixture = await startKms()
  const { keyId, arn: keyArn } = await createKey(fixture.kms)
  const aliasName = 'alias/Of/the_key-1'
  await fixture.kms.createAlias({ AliasName: aliasName, TargetKeyId: keyId })
  const aliasArn = `arn:aws:kms:${REGION}:${ACCOUNT}:${aliasName}`
  const surroundings = await surround(fixture.kms, keyId)
  if (isPendingDeletion) await fixture.kms.scheduleKeyDeletion({ KeyId: keyId })
  return { ...fixture, identifiers: { keyId, keyArn, aliasName, aliasArn }, surroundings }
}

test('every operation is in one of the four lists', () => {
  const names = new Set([
    ...KEY_OPERATIONS.map(({ name }) => name),
    ...KEYLESS_OPERATIONS,
    ...OPERATIONS_OF_OTHER_KEYS,
    ...OPERATIONS_OF_IMPORT_AND_REGIONS,
  ])
  expect([...names].toSorted()).toEqual(Object.keys(OPERATIONS).toSorted())
})

const titled = KEY_OPERATIONS.map((operation) => ({ ...operation, title: titleOf(operation) }))
const takingAll = titled.filter(({ forms }) => forms === 'any')
const takingKeysOnly = titled.filter(({ forms }) => forms === 'key-only')

test('the operations that take aliases are those that AWS says', () => {
  expect(takingAll.map(({ title }) => title)).toEqual([
    'Decrypt',
    'DescribeKey',
    'Encrypt',
    'GenerateDataKey',
    'GenerateDataKeyPair',
    'GenerateDataKeyPairWithoutPlaintext',
    'GenerateDataKeyWithoutPlaintext',
    'ReEncrypt (source)',
    'ReEncrypt (destination)',
  ])
})

test.each(takingAll)('$title takes all four forms', async ({ name, input }) => {
  const { kms, identifiers, surroundings } = await setScene(false)
  for (const form of ['keyId', 'keyArn', 'aliasName', 'aliasArn'] as const) {
    await expect(call(kms, name, input(identifiers[form], surroundings))).resolves.toBeDefined()
  }
})

test.each(takingKeysOnly)('$title takes key id and key ARN', async ({ name, input }) => {
  for (const form of ['keyId', 'keyArn'] as const) {
    const { kms, identifiers, surroundings } = await setScene(name === 'CancelKeyDeletion')
    await expect(call(kms, name, input(identifiers[form], surroundings))).resolves.toBeDefined()
  }
})

test.each(takingKeysOnly)('$title takes no alias', async ({ name, input }) => {
  const scene = await setScene(name === 'CancelKeyDeletion')
  const { aliasName, aliasArn } = scene.identifiers
  for (const alias of [aliasName, aliasArn, 'alias/nobody']) {
    const request = input(alias, scene.surroundings)
    if (name === 'CreateAlias' || name === 'UpdateAlias') {
      await expectRefusal(scene, name, request, 'ValidationException', 'Aliases must refer to keys. Not aliases')
    } else {
      const message = 'Key Aliases are not supported for this operation.'
      await expectRefusal(scene, name, request, 'InvalidArnException', message)
    }
  }
})

const UNKNOWN_ID = '01234567-89ab-cdef-0123-456789abcdef'
const UNKNOWN_MRK = 'mrk-0123456789abcdef0123456789abcdef'

test.each(titled)('$title says that a key is not there', async ({ name, input }) => {
  const scene = await setScene(name === 'CancelKeyDeletion')
  for (const unknown of [UNKNOWN_ID, UNKNOWN_MRK]) {
    const arn = `arn:aws:kms:${REGION}:${ACCOUNT}:key/${unknown}`
    for (const identifier of [unknown, arn]) {
      const request = input(identifier, scene.surroundings)
      await expectRefusal(scene, name, request, 'NotFoundException', `Key '${arn}' does not exist`)
    }
  }
})

test.each(takingAll)('$title says that an alias is not there', async ({ name, input }) => {
  const scene = await setScene(false)
  const arn = `arn:aws:kms:${REGION}:${ACCOUNT}:alias/nobody`
  for (const identifier of ['alias/nobody', arn]) {
    const request = input(identifier, scene.surroundings)
    await expectRefusal(scene, name, request, 'NotFoundException', `Alias ${arn} is not found.`)
  }
})

const MALFORMED_IDS = [
  'key',
  '0123456789abcdef0123456789abcdef',
  `${UNKNOWN_ID}0`,
  ` ${UNKNOWN_ID}`,
  `${UNKNOWN_ID}\n`,
  'mrk-0123456789abcdef0123456789abcde',
  'mrk-0123456789abcdef0123456789abcdeg',
  `key/${UNKNOWN_ID}`,
  'Alias/x',
  'ARN:aws:kms',
  '__proto__',
  `arn:aws:kms:${REGION}:${ACCOUNT}:key/x`,
  `arn:aws:kms:${REGION}:${ACCOUNT}:key/${UNKNOWN_ID}/`,
  // The alias is there.
  `arn:aws:kms:${REGION}:${ACCOUNT}:key/alias/Of/the_key-1`,
]

test.each(titled)('$title refuses malformed key ids', async ({ name, input }) => {
  const scene = await setScene(name === 'CancelKeyDeletion')
  for (const malformed of MALFORMED_IDS) {
    const request = input(malformed, scene.surroundings)
    await expectRefusal(scene, name, request, 'NotFoundException', `Invalid keyId '${malformed}'`)
  }
})

const MALFORMED_ARNS = [
  'arn:',
  'arn:aws:kms',
  `arn:aws:kms:${REGION}:${ACCOUNT}`,
  `arn:aws:kms:${REGION}:${ACCOUNT}:`,
  `arn:aws:kms:${REGION}:${ACCOUNT}:${UNKNOWN_ID}`,
  `arn:aws:kms:${REGION}:${ACCOUNT}:key/`,
  `arn:aws:kms:${REGION}:${ACCOUNT}:grant/${UNKNOWN_ID}`,
  `arn:aws:kms:${REGION}:11112222333:key/${UNKNOWN_ID}`,
  `arn:aws:kms:${REGION}::key/${UNKNOWN_ID}`,
  `arn:aws:kms::${ACCOUNT}:key/${UNKNOWN_ID}`,
  `arn:aws:kms:Europe:${ACCOUNT}:key/${UNKNOWN_ID}`,
  `arn:aws:s3:${REGION}:${ACCOUNT}:key/${UNKNOWN_ID}`,
  `arn:aws-cn:kms:${REGION}:${ACCOUNT}:key/${UNKNOWN_ID}`,
  `arn::kms:${REGION}:${ACCOUNT}:key/${UNKNOWN_ID}`,
]

test.each(titled)('$title refuses malformed ARNs', async ({ name, input }) => {
  const scene = await setScene(name === 'CancelKeyDeletion')
  for (const malformed of MALFORMED_ARNS) {
    const request = input(malformed, scene.surroundings)
    await expectRefusal(scene, name, request, 'InvalidArnException', `Invalid arn ${malformed}`)
  }
})

test.each(titled)('$title refuses ARNs of another Region', async ({ name, input }) => {
  const scene = await setScene(name === 'CancelKeyDeletion')
  const foreign = await createKey(scene.kms.inRegion(OTHER_REGION))
  for (const arn of [foreign.arn, `arn:aws:kms:${OTHER_REGION}:${ACCOUNT}:key/${scene.identifiers.keyId}`]) {
    const request = input(arn, scene.surroundings)
    await expectRefusal(scene, name, request, 'NotFoundException', `Invalid arn ${OTHER_REGION}`)
  }
})

test.each(titled)('$title tells a stranger nothing', async ({ name, role, input }) => {
  const scene = await setScene(name === 'CancelKeyDeletion')
  const stranger = scene.kms.as(OTHER_ACCOUNT)
  const own = await createKey(stranger)
  const surroundings = await surround(stranger, own.keyId)
  const action = role === undefined ? name : role === 'source' ? 'ReEncryptFrom' : 'ReEncryptTo'
  const message =
    `User: arn:aws:iam::${OTHER_ACCOUNT}:root is not authorized to perform: kms:${action} on this resource because ` +
    'the resource does not exist in this Region, no resource-based policies allow access, or a resource-based ' +
    'policy explicitly denies access'
  const there = [scene.identifiers.keyArn]
  const notThere = [`arn:aws:kms:${REGION}:${ACCOUNT}:key/${UNKNOWN_ID}`]
  if (takingAll.some((operation) => operation.name === name)) {
    there.push(scene.identifiers.aliasArn)
    notThere.push(`arn:aws:kms:${REGION}:${ACCOUNT}:alias/nobody`)
  }
  // Whatever else the stranger sends, such as another key's ciphertext or none at all.
  const blobs = [surroundings.blob, scene.surroundings.blob, Uint8Array.of(1)]
  for (const identifier of [...there, ...notThere]) {
    for (const blob of blobs) {
      const isAboutBlob = action === 'ReEncryptTo'
      const request = input(identifier, isAboutBlob ? surroundings : { ...surroundings, blob })
      await expectRefusal({ ...scene, kms: stranger }, name, request, 'AccessDeniedException', message)
    }
  }
})

test("ReEncrypt of somebody else's ciphertext tells nothing about its destination", async () => {
  const scene = await setScene(false)
  const stranger = { ...scene, kms: scene.kms.as(OTHER_ACCOUNT) }
  const message =
    `User: arn:aws:iam::${OTHER_ACCOUNT}:root is not authorized to perform: kms:ReEncryptFrom on the resource ` +
    'associated with this ciphertext because the resource does not exist in this Region, no resource-based policies ' +
    'allow access, or a resource-based policy explicitly denies access'
  const destinations = [scene.identifiers.keyArn, `arn:aws:kms:${REGION}:${ACCOUNT}:key/${UNKNOWN_ID}`, UNKNOWN_ID]
  for (const DestinationKeyId of destinations) {
    const request = { CiphertextBlob: scene.surroundings.blob, DestinationKeyId }
    await expectRefusal(stranger, 'ReEncrypt', request, 'AccessDeniedException', message)
  }
})

test('a bare key id means a key of the caller', async () => {
  const scene = await setScene(false)
  const stranger = { ...scene, kms: scene.kms.as(OTHER_ACCOUNT) }
  const { keyId } = scene.identifiers
  const arn = `arn:aws:kms:${REGION}:${OTHER_ACCOUNT}:key/${keyId}`
  await expectRefusal(stranger, 'DescribeKey', { KeyId: keyId }, 'NotFoundException', `Key '${arn}' does not exist`)
})

test.each([
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-iso-east-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['eusc-de-east-1', 'aws-eusc'],
  ['ap-southeast-7', 'aws'],
])('ARNs of %s are in partition %s', async (region, partition) => {
  const { kms } = await startKms({ region })
  const { arn, keyId } = await createKey(kms)
  expect(arn).toBe(`arn:${partition}:kms:${region}:${ACCOUNT}:key/${keyId}`)
  const { KeyMetadata } = await kms.describeKey({ KeyId: arn })
  expect(KeyMetadata?.KeyId).toBe(keyId)
})
