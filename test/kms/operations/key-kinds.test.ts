/**
 * Keys of every spec and usage: which there are, what their metadata shows, and what they do not do.
 *
 * @covers KMS operations, CreateKey; crypto-details §7, §9; wire §4, §5
 */
import { KEY_SPECS, type KeySpec, type KmsKeyUsage } from '@softkms/hsm'
import type { KeyMetadata } from '@softkms/kms'
import { beforeAll, describe, expect, test } from 'vitest'
import { ACCOUNT, type KmsFixture, REGION, expectRefusal, refusalOf } from '../../support/kms-fixture.ts'
import { createKeyOf, startNativeKms } from '../../support/kms-keys.ts'

const SPECS = Object.keys(KEY_SPECS) as KeySpec[]
const RSA = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const
const HMAC = ['HMAC_224', 'HMAC_256', 'HMAC_384', 'HMAC_512'] as const
const NIST = ['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'] as const
const ML_DSA = ['ML_DSA_44', 'ML_DSA_65', 'ML_DSA_87'] as const
const ML_KEM = ['ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024'] as const

/** As the API documents them. Written out, and not derived from the table that is on trial here. */
const PAIRS: Readonly<Record<KmsKeyUsage, readonly KeySpec[]>> = {
  ENCRYPT_DECRYPT: ['SYMMETRIC_DEFAULT', ...RSA],
  SIGN_VERIFY: [...RSA, ...NIST, 'ECC_SECG_P256K1', 'ECC_NIST_EDWARDS25519', ...ML_DSA],
  GENERATE_VERIFY_MAC: HMAC,
  KEY_AGREEMENT: NIST,
  ENCAPSULATE_DECAPSULATE: ML_KEM,
}
const USAGES = Object.keys(PAIRS) as KmsKeyUsage[]

const RSA_SIGNING = {
  SigningAlgorithms: [
    'RSASSA_PKCS1_V1_5_SHA_256',
    'RSASSA_PKCS1_V1_5_SHA_384',
    'RSASSA_PKCS1_V1_5_SHA_512',
    'RSASSA_PSS_SHA_256',
    'RSASSA_PSS_SHA_384',
    'RSASSA_PSS_SHA_512',
  ],
}

/** The lists of metadata, in AWS's order. */
function algorithmsOf(spec: KeySpec, usage: KmsKeyUsage): Partial<KeyMetadata> {
  if (usage === 'KEY_AGREEMENT') return { KeyAgreementAlgorithms: ['ECDH'] }
  if (usage === 'ENCAPSULATE_DECAPSULATE') return { EncapsulationAlgorithms: ['ML_KEM'] }
  if (spec.startsWith('RSA')) {
    if (usage === 'SIGN_VERIFY') return RSA_SIGNING as Partial<KeyMetadata>
    return { EncryptionAlgorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] }
  }
  return OTHERS[spec] ?? expect.fail(`nothing is said of ${spec}`)
}

const OTHERS: Partial<Record<KeySpec, Partial<KeyMetadata>>> = {
  SYMMETRIC_DEFAULT: { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] },
  HMAC_224: { MacAlgorithms: ['HMAC_SHA_224'] },
  HMAC_256: { MacAlgorithms: ['HMAC_SHA_256'] },
  HMAC_384: { MacAlgorithms: ['HMAC_SHA_384'] },
  HMAC_512: { MacAlgorithms: ['HMAC_SHA_512'] },
  ECC_NIST_P256: { SigningAlgorithms: ['ECDSA_SHA_256'] },
  ECC_NIST_P384: { SigningAlgorithms: ['ECDSA_SHA_384'] },
  ECC_NIST_P521: { SigningAlgorithms: ['ECDSA_SHA_512'] },
  ECC_SECG_P256K1: { SigningAlgorithms: ['ECDSA_SHA_256'] },
  ECC_NIST_EDWARDS25519: { SigningAlgorithms: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'] },
  ML_DSA_44: { SigningAlgorithms: ['ML_DSA_SHAKE_256'] },
  ML_DSA_65: { SigningAlgorithms: ['ML_DSA_SHAKE_256'] },
  ML_DSA_87: { SigningAlgorithms: ['ML_DSA_SHAKE_256'] },
}

let fixture: KmsFixture
beforeAll(async () => {
  fixture = await startNativeKms()
})

const pairs = USAGES.flatMap((usage) => SPECS.map((spec) => [spec, usage, PAIRS[usage].includes(spec)] as const))
const good = pairs.filter(([, , exists]) => exists)
const bad = pairs.filter(([, , exists]) => !exists)

test('of all pairs of spec and usage, 25 are keys', () => {
  expect(good).toHaveLength(4 + 11 + 4 + 3 + 3)
  expect(pairs).toHaveLength(19 * 5)
})

test.each(good)('%s %s: shows the members that AWS shows, and no others', async (spec, usage) => {
  const { kms, clock } = fixture
  const { KeyMetadata } = await kms.createKey({ KeySpec: spec, KeyUsage: usage })
  const KeyId = KeyMetadata?.KeyId ?? ''
  expect(KeyMetadata).toStrictEqual({
    AWSAccountId: ACCOUNT,
    KeyId,
    Arn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KeyId}`,
    CreationDate: new Date(clock.now()),
    Enabled: true,
    Description: '',
    KeyUsage: usage,
    KeyState: 'Enabled',
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: spec,
    KeySpec: spec,
    ...algorithmsOf(spec, usage),
    MultiRegion: false,
    ...(spec === 'SYMMETRIC_DEFAULT' ? { CurrentKeyMaterialId: KeyMetadata?.CurrentKeyMaterialId } : {}),
  })
  expect(await kms.describeKey({ KeyId })).toStrictEqual({ KeyMetadata })
})

test.each(bad)('%s is not for %s', async (KeySpec, KeyUsage) => {
  const message = `KeyUsage ${KeyUsage} is not compatible with KeySpec ${KeySpec}`
  await expectRefusal(fixture, 'CreateKey', { KeySpec, KeyUsage }, 'ValidationException', message)
})

test.each(SPECS.filter((spec) => spec !== 'SYMMETRIC_DEFAULT'))('%s needs its usage said', async (KeySpec) => {
  const message = 'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.'
  await expectRefusal(fixture, 'CreateKey', { KeySpec }, 'ValidationException', message)
})

test.each(USAGES)('SM2 for %s is refused outside China Regions', async (KeyUsage) => {
  const message = 'KeySpec SM2 is not supported in this Region.'
  for (const spec of [{ KeySpec: 'SM2' }, { CustomerMasterKeySpec: 'SM2' }]) {
    await expectRefusal(fixture, 'CreateKey', { ...spec, KeyUsage }, 'UnsupportedOperationException', message)
  }
})

test('the deprecated name of the spec does as well, for the specs that it knows', async () => {
  const { kms } = fixture
  for (const [CustomerMasterKeySpec, KeyUsage] of [
    ['RSA_2048', 'SIGN_VERIFY'],
    ['ECC_NIST_P256', 'KEY_AGREEMENT'],
    ['HMAC_224', 'GENERATE_VERIFY_MAC'],
  ] as const) {
    const { KeyMetadata } = await kms.createKey({ CustomerMasterKeySpec, KeyUsage })
    expect(KeyMetadata).toMatchObject({ KeySpec: CustomerMasterKeySpec, CustomerMasterKeySpec, KeyUsage })
  }
  const unknown = kms.createKey({ CustomerMasterKeySpec: 'ML_DSA_44' as 'SM2', KeyUsage: 'SIGN_VERIFY' })
  await expect(unknown).rejects.toMatchObject({ code: 'ValidationException' })
})

describe('keys that are not symmetric encryption keys', () => {
  test.each([
    ['RSA_2048', 'ENCRYPT_DECRYPT'],
    ['ECC_NIST_P256', 'SIGN_VERIFY'],
    ['ECC_NIST_P384', 'KEY_AGREEMENT'],
    ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY'],
    ['HMAC_256', 'GENERATE_VERIFY_MAC'],
    ['ML_DSA_44', 'SIGN_VERIFY'],
    ['ML_KEM_512', 'ENCAPSULATE_DECAPSULATE'],
  ] as const)('%s %s does not rotate', async (spec, usage) => {
    const { keyId: KeyId, arn } = await createKeyOf(fixture.kms, spec, usage)
    const status = await fixture.kms.getKeyRotationStatus({ KeyId })
    expect(status).toStrictEqual({ KeyId: arn, KeyRotationEnabled: false })
    for (const operation of [
      'EnableKeyRotation',
      'DisableKeyRotation',
      'ListKeyRotations',
      'RotateKeyOnDemand',
    ] as const) {
      await expectRefusal(fixture, operation, { KeyId }, 'UnsupportedOperationException', '')
    }
  })

  test('are refused for their state before their kind', async () => {
    const { keyId: KeyId, arn } = await createKeyOf(fixture.kms, 'ML_DSA_44', 'SIGN_VERIFY')
    await fixture.kms.disableKey({ KeyId })
    await expectRefusal(fixture, 'RotateKeyOnDemand', { KeyId }, 'DisabledException', `${arn} is disabled.`)
    const input = { KeyId, Message: Uint8Array.of(1), MacAlgorithm: 'HMAC_SHA_256' }
    await expectRefusal(fixture, 'GenerateMac', input, 'DisabledException', `${arn} is disabled.`)
  })

  test('live as all keys do: disabled, about to go, and gone', async () => {
    const { kms, clock } = fixture
    const { keyId: KeyId, arn } = await createKeyOf(kms, 'ECC_NIST_P256', 'SIGN_VERIFY')
    const signing = { KeyId, Message: Uint8Array.of(1), SigningAlgorithm: 'ECDSA_SHA_256' } as const
    const { Signature } = await kms.sign(signing)
    await kms.disableKey({ KeyId })
    await expectRefusal(fixture, 'Sign', signing, 'DisabledException', `${arn} is disabled.`)
    await kms.enableKey({ KeyId })
    expect((await kms.verify({ ...signing, Signature })).SignatureValid).toBe(true)
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
    const pending = `${arn} is pending deletion.`
    await expectRefusal(fixture, 'Verify', { ...signing, Signature }, 'KMSInvalidStateException', pending)
    await kms.cancelKeyDeletion({ KeyId })
    await kms.enableKey({ KeyId })
    expect((await kms.verify({ ...signing, Signature })).SignatureValid).toBe(true)
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
    clock.advance(7 * 86_400_000)
    const gone = { code: 'NotFoundException', message: `Key '${arn}' does not exist` }
    expect(await refusalOf(kms.sign(signing))).toEqual(gone)
  })
})
