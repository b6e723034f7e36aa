/**
 * Request rates: AWS's documented defaults, on a clock that stands still.
 *
 * @covers KMS operations-around §8
 */
import { OPERATIONS } from '@softkms/kms'
import { expect, test } from 'vitest'
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  OTHER_REGION,
  REGION,
  call,
  expectRefusal,
  readEverything,
  startKms,
} from '../support/kms-fixture.ts'

type Operation = keyof typeof OPERATIONS

/** Share one allowance, whatever key they name. */
const SYMMETRIC: readonly Operation[] = [
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateMac',
  'GenerateRandom',
  'VerifyMac',
]

/** Draw on the allowance of their key's spec, or of the key pair that they ask for. */
const BY_SPEC: readonly Operation[] = [
  'Decapsulate',
  'Decrypt',
  'DeriveSharedSecret',
  'Encapsulate',
  'Encrypt',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'ReEncrypt',
  'Sign',
  'Verify',
]

/** Requests per second of the operations that have an allowance of their own. */
const OWN_RATES: Partial<Record<Operation, number>> = {
  DescribeKey: 2000,
  GetPublicKey: 2000,
  ListResourceTags: 2000,
  GetKeyLastUsage: 1000,
  GetKeyPolicy: 1000,
  GetKeyRotationStatus: 1000,
  ListAliases: 500,
  ListKeys: 500,
  ListKeyPolicies: 100,
  ListKeyRotations: 100,
  ListGrants: 100,
  ListRetirableGrants: 100,
  CreateGrant: 50,
  RetireGrant: 50,
  RevokeGrant: 50,
  DeleteAlias: 15,
  DeleteImportedKeyMaterial: 15,
  EnableKeyRotation: 15,
  ImportKeyMaterial: 15,
  PutKeyPolicy: 15,
  ScheduleKeyDeletion: 15,
  TagResource: 10,
  CancelKeyDeletion: 5,
  ConnectCustomKeyStore: 5,
  CreateAlias: 5,
  CreateCustomKeyStore: 5,
  CreateKey: 5,
  DeleteCustomKeyStore: 5,
  DescribeCustomKeyStores: 5,
  DisableKey: 5,
  DisableKeyRotation: 5,
  DisconnectCustomKeyStore: 5,
  EnableKey: 5,
  ReplicateKey: 5,
  RotateKeyOnDemand: 5,
  UntagResource: 5,
  UpdateAlias: 5,
  UpdateCustomKeyStore: 5,
  UpdateKeyDescription: 5,
  UpdatePrimaryRegion: 5,
}

const THROTTLED = {
  code: 'ThrottlingException',
  message: 'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
}

const isThrottled = (error: unknown): boolean => (error as Partial<typeof THROTTLED>).code === THROTTLED.code

/** How many of `count` requests get past the throttle. An empty request is refused by the next check, and counts. */
async function countPassing(attempt: () => Promise<unknown>, count: number): Promise<number> {
  let passing = 0
  for (let i = 0; i < count; i++) {
    const error: unknown = await attempt().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (error === undefined || !isThrottled(error)) passing += 1
  }
  return passing
}

test('every operation is in one of the lists', () => {
  expect([...SYMMETRIC, ...BY_SPEC, ...Object.keys(OWN_RATES), 'GetParametersForImport'].toSorted()).toEqual(
    Object.keys(OPERATIONS).toSorted(),
  )
})

test.each(Object.entries(OWN_RATES))('%s: %s requests a second', async (name, rate) => {
  const { kms, clock } = await startKms({ requestRates: 'aws' })
  const attempt = async () => call(kms, name as Operation, { Limit: 0 })
  expect(await countPassing(attempt, rate + 10)).toBe(rate)
  const waitMs = Math.ceil(1000 / rate)
  clock.advance(waitMs)
  expect(await countPassing(attempt, 5)).toBe(Math.floor((waitMs * rate) / 1000))
  // An hour saves no more than a second's worth.
  clock.advance(3_600_000)
  expect(await countPassing(attempt, rate + 10)).toBe(rate)
})

test('one operation of its own does not draw on another', async () => {
  const { kms } = await startKms({ requestRates: 'aws' })
  expect(await countPassing(() => kms.createKey(), 10)).toBe(5)
  expect(await countPassing(() => call(kms, 'EnableKey', {}), 10)).toBe(5)
})

test.each([
  ['sa-east-1', 10_000],
  ['us-east-2', 20_000],
  ['eu-west-1', 100_000],
])('symmetric cryptography shares one allowance: in %s %s a second', async (region, rate) => {
  const { kms, clock } = await startKms({ requestRates: 'aws', region })
  let sent = 0
  const attempt = async () => call(kms, SYMMETRIC[sent++ % SYMMETRIC.length] ?? 'GenerateRandom', { DryRun: true })
  expect(await countPassing(attempt, rate + 60)).toBe(rate)
  clock.advance(1)
  expect(await countPassing(attempt, rate / 1000 + 6)).toBe(rate / 1000)
})

test('Encrypt and Decrypt draw on the allowance of the kind of key that they name', async () => {
  const { kms, clock } = await startKms({ requestRates: 'aws', region: 'sa-east-1' })
  const symmetric = await kms.createKey()
  const rsa = await kms.createKey({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' })
  const encryptWith = async (KeyId: string | undefined) => kms.encrypt({ KeyId, Plaintext: Uint8Array.of(1) })
  clock.advance(1000)
  expect(await countPassing(() => kms.generateRandom({ NumberOfBytes: 1 }), 9_990)).toBe(9_990)
  expect(await countPassing(() => encryptWith(symmetric.KeyMetadata?.KeyId), 20)).toBe(10)
  // Refused for its algorithm, but not for the rate of symmetric keys.
  expect(await countPassing(() => encryptWith(rsa.KeyMetadata?.KeyId), 1010)).toBe(1000)
})

test.each([
  ['ECC_NIST_P256', 100],
  ['RSA_4096', 1],
])('key pairs of %s: %s a second', async (KeyPairSpec, rate) => {
  const { kms } = await startKms({ requestRates: 'aws' })
  // There is no such key, which is found out after the rate was looked at.
  const attempt = async () => call(kms, 'GenerateDataKeyPair', { KeyPairSpec, KeyId: 'alias/nothing' })
  expect(await countPassing(attempt, rate + 5)).toBe(rate)
})

test('each account and each Region has its own allowance', async () => {
  const { kms } = await startKms({ requestRates: 'aws' })
  for (const caller of [
    kms,
    kms.as(OTHER_ACCOUNT),
    kms.inRegion(OTHER_REGION),
    kms.as(OTHER_ACCOUNT).inRegion(OTHER_REGION),
  ]) {
    expect(await countPassing(() => caller.createKey(), 7)).toBe(5)
  }
  // Principals of an account share.
  expect(await countPassing(() => kms.as(`arn:aws:iam::${ACCOUNT}:user/a`).createKey(), 7)).toBe(0)
})

test('a throttled request is not looked at and changes nothing', async () => {
  const fixture = await startKms({ requestRates: 'aws' })
  await countPassing(() => fixture.kms.createKey(), 5)
  const before = await readEverything(fixture.store)
  for (const input of [{}, { KeySpec: 7 }, 'nonsense']) {
    await expectRefusal(fixture, 'CreateKey', input, 'ThrottlingException', THROTTLED.message)
  }
  expect(await readEverything(fixture.store)).toEqual(before)
  expect(fixture.audit.entries.at(-1)).toMatchObject({
    operation: 'CreateKey',
    errorCode: 'ThrottlingException',
    request: {},
  })
})

test('rates are off unless they are asked for', async () => {
  const { kms } = await startKms()
  expect(await countPassing(() => kms.createKey(), 50)).toBe(50)
  const { kms: unthrottled } = await startKms({ requestRates: 'off' })
  expect(await countPassing(() => unthrottled.createKey(), 50)).toBe(50)
})

test('a clock that is set back takes nothing away', async () => {
  let now = Date.UTC(2030, 0, 1)
  const { kms } = await startKms({ requestRates: 'aws', clock: { now: () => now } })
  expect(await countPassing(() => kms.createKey(), 2)).toBe(2)
  now -= 3_600_000
  expect(await countPassing(() => kms.createKey(), 5)).toBe(3)
  now += 1000
  expect(await countPassing(() => kms.createKey(), 7)).toBe(5)
})

test('an unknown operation draws on no allowance', async () => {
  const { kms } = await startKms({ requestRates: 'aws' })
  const caller = { account: ACCOUNT, region: REGION }
  for (let i = 0; i < 50; i++) {
    await expect(kms.execute('CreateVault', {}, caller)).rejects.toMatchObject({
      code: 'UnknownOperationException',
    })
  }
  expect(await countPassing(() => kms.createKey(), 7)).toBe(5)
})

test('GetParametersForImport: one request in four seconds', async () => {
  const { kms, clock } = await startKms({ requestRates: 'aws' })
  const attempt = (): Promise<unknown> => call(kms, 'GetParametersForImport', {})
  expect(await countPassing(attempt, 3)).toBe(1)
  clock.advance(3999)
  expect(await countPassing(attempt, 3)).toBe(0)
  clock.advance(1)
  expect(await countPassing(attempt, 3)).toBe(1)
})

test('the use of a key that AWS owns draws on no allowance', async () => {
  const { kms } = await startKms({ requestRates: 'aws', region: 'sa-east-1' })
  const dynamodb = kms.asService('dynamodb.amazonaws.com')
  const ownedKey = await dynamodb.ownedKey()
  const { KeyMetadata } = await kms.createKey()
  await countPassing(() => call(kms, 'GenerateRandom', {}), 10_000)
  await expect(dynamodb.generateDataKey({ KeyId: ownedKey, KeySpec: 'AES_256' })).resolves.toBeDefined()
  const own = { KeyId: KeyMetadata?.KeyId, KeySpec: 'AES_256' } as const
  await expect(kms.generateDataKey(own)).rejects.toMatchObject(THROTTLED)
})
