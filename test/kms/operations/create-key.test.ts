/**
 * CreateKey and DescribeKey.
 *
 * @covers KMS operations, CreateKey and DescribeKey; wire §4, §5
 */
import { expect, test } from 'vitest'
import { ACCOUNT, REGION, createKey, expectRefusal, startKms } from '../../support/kms-fixture.ts'
import { openPolicy } from '../../support/policies.ts'

const KEY_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u
const MATERIAL_ID = /^[0-9a-f]{64}$/u

test('a new key has the members that AWS shows, and no others', async () => {
  const { kms, clock } = await startKms()
  const { KeyMetadata, ...rest } = await kms.createKey()
  expect(rest).toEqual({})
  expect(KeyMetadata?.KeyId).toMatch(KEY_ID)
  expect(KeyMetadata?.CurrentKeyMaterialId).toMatch(MATERIAL_ID)
  expect(KeyMetadata).toStrictEqual({
    AWSAccountId: ACCOUNT,
    KeyId: KeyMetadata?.KeyId,
    Arn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KeyMetadata?.KeyId}`,
    CreationDate: new Date(clock.now()),
    Enabled: true,
    Description: '',
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: 'Enabled',
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
    CurrentKeyMaterialId: KeyMetadata?.CurrentKeyMaterialId,
  })
})

test('DescribeKey shows what CreateKey showed', async () => {
  const { kms } = await startKms()
  const created = await kms.createKey({ Description: 'för räkningar ☃', Tags: [{ TagKey: 'a', TagValue: '' }] })
  await expect(kms.describeKey({ KeyId: created.KeyMetadata?.KeyId })).resolves.toStrictEqual(created)
  expect(created.KeyMetadata?.Description).toBe('för räkningar ☃')
})

test('the defaults may be spelt out, with either name of the key spec', async () => {
  const { kms } = await startKms()
  const spelt = { KeyUsage: 'ENCRYPT_DECRYPT', Origin: 'AWS_KMS', MultiRegion: false, Description: '' } as const
  for (const spec of [{ KeySpec: 'SYMMETRIC_DEFAULT' }, { CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' }] as const) {
    const { KeyMetadata } = await kms.createKey({ ...spelt, ...spec, BypassPolicyLockoutSafetyCheck: true })
    expect(KeyMetadata).toMatchObject({ ...spelt, KeySpec: 'SYMMETRIC_DEFAULT' })
  }
})

test('two keys share neither id nor material', async () => {
  const { kms } = await startKms()
  const made = await Promise.all(Array.from({ length: 20 }, () => kms.createKey()))
  expect(new Set(made.map(({ KeyMetadata }) => KeyMetadata?.KeyId)).size).toBe(20)
  expect(new Set(made.map(({ KeyMetadata }) => KeyMetadata?.CurrentKeyMaterialId)).size).toBe(20)
})

test('a key begins with its tags and its policy', async () => {
  const { kms } = await startKms()
  const Policy = openPolicy(ACCOUNT)
  const { KeyMetadata } = await kms.createKey({ Policy, Tags: [{ TagKey: 'k', TagValue: 'v' }] })
  const KeyId = KeyMetadata?.KeyId
  await expect(kms.getKeyPolicy({ KeyId })).resolves.toEqual({ Policy, PolicyName: 'default' })
  await expect(kms.listResourceTags({ KeyId })).resolves.toMatchObject({ Tags: [{ TagKey: 'k', TagValue: 'v' }] })
})

test('KeySpec and CustomerMasterKeySpec exclude each other', async () => {
  const fixture = await startKms()
  const message =
    'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.'
  for (const CustomerMasterKeySpec of ['SYMMETRIC_DEFAULT', 'RSA_2048']) {
    const input = { KeySpec: 'SYMMETRIC_DEFAULT', CustomerMasterKeySpec }
    await expectRefusal(fixture, 'CreateKey', input, 'ValidationException', message)
  }
})

test('only a symmetric key goes without KeyUsage', async () => {
  const fixture = await startKms()
  const message = 'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.'
  for (const spec of [{ KeySpec: 'RSA_2048' }, { CustomerMasterKeySpec: 'HMAC_256' }, { KeySpec: 'ML_KEM_768' }]) {
    await expectRefusal(fixture, 'CreateKey', spec, 'ValidationException', message)
  }
})

test.each([
  ['SIGN_VERIFY', 'SYMMETRIC_DEFAULT'],
  ['GENERATE_VERIFY_MAC', 'SYMMETRIC_DEFAULT'],
  ['GENERATE_VERIFY_MAC', 'RSA_2048'],
  ['KEY_AGREEMENT', 'RSA_4096'],
  ['ENCRYPT_DECRYPT', 'ECC_NIST_P256'],
  ['KEY_AGREEMENT', 'ECC_SECG_P256K1'],
  ['KEY_AGREEMENT', 'ECC_NIST_EDWARDS25519'],
  ['ENCRYPT_DECRYPT', 'HMAC_512'],
  ['ENCRYPT_DECRYPT', 'ML_DSA_65'],
  ['SIGN_VERIFY', 'ML_KEM_768'],
])('%s is not what a key of %s is for', async (KeyUsage, KeySpec) => {
  const fixture = await startKms()
  const message = `KeyUsage ${KeyUsage} is not compatible with KeySpec ${KeySpec}`
  await expectRefusal(fixture, 'CreateKey', { KeyUsage, KeySpec }, 'ValidationException', message)
})

test.each([
  ['KEY_AGREEMENT', 'SM2'],
  ['SIGN_VERIFY', 'SM2'],
])('a key for %s of %s is not to be had outside China, and not here either', async (KeyUsage, KeySpec) => {
  const fixture = await startKms()
  const input = { KeyUsage, KeySpec }
  const message = 'KeySpec SM2 is not supported in this Region.'
  await expectRefusal(fixture, 'CreateKey', input, 'UnsupportedOperationException', message)
})

const CLUSTER = { CustomKeyStoreId: 'cks-1', Origin: 'AWS_CLOUDHSM' }
const PROXY = { CustomKeyStoreId: 'cks-1', Origin: 'EXTERNAL_KEY_STORE', XksKeyId: 'x' }

test.each([CLUSTER, PROXY])('no custom key store is there to make a key in: %o', async (input) => {
  const message = 'Custom key store cks-1 is not found.'
  await expectRefusal(await startKms(), 'CreateKey', input, 'CustomKeyStoreNotFoundException', message)
})

test.each([
  [{ Origin: 'AWS_CLOUDHSM' }, 'CustomKeyStoreId is required for Origin AWS_CLOUDHSM.'],
  [{ Origin: 'EXTERNAL_KEY_STORE', XksKeyId: 'x' }, 'CustomKeyStoreId is required for Origin EXTERNAL_KEY_STORE.'],
  [{ ...PROXY, XksKeyId: undefined }, 'XksKeyId is required for Origin EXTERNAL_KEY_STORE.'],
  [{ XksKeyId: 'x' }, 'XksKeyId is valid only with Origin EXTERNAL_KEY_STORE.'],
  [{ ...CLUSTER, XksKeyId: 'x' }, 'XksKeyId is valid only with Origin EXTERNAL_KEY_STORE.'],
  [{ CustomKeyStoreId: 'cks-1' }, 'CustomKeyStoreId is valid only with Origin AWS_CLOUDHSM or EXTERNAL_KEY_STORE.'],
  [
    { CustomKeyStoreId: 'cks-1', Origin: 'EXTERNAL' },
    'CustomKeyStoreId is valid only with Origin AWS_CLOUDHSM or EXTERNAL_KEY_STORE.',
  ],
  [
    { ...CLUSTER, KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
    'KeySpec HMAC_256 is not supported for Origin AWS_CLOUDHSM',
  ],
  [{ ...PROXY, MultiRegion: true }, 'MultiRegion is not supported for Origin EXTERNAL_KEY_STORE'],
])('what no key in a custom key store is: %o', async (input, message) => {
  await expectRefusal(await startKms(), 'CreateKey', input, 'ValidationException', message)
})

test('a description has up to 8192 characters', async () => {
  const fixture = await startKms()
  const { KeyMetadata } = await fixture.kms.createKey({ Description: '☃'.repeat(8192) })
  expect(KeyMetadata?.Description).toHaveLength(8192)
  const error = await fixture.kms.createKey({ Description: 'x'.repeat(8193) }).catch((refusal: unknown) => refusal)
  expect(error).toMatchObject({ code: 'ValidationException' })
  expect((error as Error).message).toMatch(
    /^1 validation error detected: Value 'x+(\.\.\.)?' at 'description' failed to satisfy constraint: Member must have length less than or equal to 8192$/u,
  )
})

test('a required member must be there', async () => {
  const fixture = await startKms()
  const message =
    "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null"
  for (const input of [undefined, {}, { KeyId: undefined }, { KeyId: null }, { keyId: 'x' }]) {
    await expectRefusal(fixture, 'DescribeKey', input, 'ValidationException', message)
  }
})

test('an empty list of grant tokens is none', async () => {
  const { kms } = await startKms()
  const { keyId } = await createKey(kms)
  const { KeyMetadata } = await kms.describeKey({ KeyId: keyId, GrantTokens: [] })
  expect(KeyMetadata?.KeyId).toBe(keyId)
})
