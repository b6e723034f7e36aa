/**
 * GenerateDataKeyPair and GenerateDataKeyPairWithoutPlaintext.
 *
 * @covers KMS operations, GenerateDataKeyPair; crypto-details §5
 */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { DATA_KEY_PAIR_SPECS } from '@softkms/hsm'
import { beforeAll, describe, expect, test } from 'vitest'
import { type KmsFixture, type NewKey, createKey, expectRefusal } from '../../support/kms-fixture.ts'
import { createKeyOf, startNativeKms } from '../../support/kms-keys.ts'

const NOTHING = new Uint8Array(0)
const EncryptionContext = { tenant: 'a' }
const BOTH = ['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'] as const

let fixture: KmsFixture
let key: NewKey
let materialId: string | undefined

beforeAll(async () => {
  fixture = await startNativeKms()
  key = await createKey(fixture.kms)
  const { KeyMetadata } = await fixture.kms.describeKey({ KeyId: key.keyId })
  materialId = KeyMetadata?.CurrentKeyMaterialId
})

function publicHalfOf(pkcs8: Uint8Array): Uint8Array {
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  return Uint8Array.from(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }))
}

describe.each(DATA_KEY_PAIR_SPECS)('%s', (KeyPairSpec) => {
  test('in the clear and sealed: the members that AWS shows, and no others', async () => {
    const { kms } = fixture
    const answer = await kms.generateDataKeyPair({ KeyId: key.keyId, KeyPairSpec, EncryptionContext })
    const { PrivateKeyCiphertextBlob, PrivateKeyPlaintext = NOTHING, PublicKey, ...rest } = answer
    expect(rest).toStrictEqual({ KeyId: key.arn, KeyPairSpec, KeyMaterialId: materialId })
    expect(publicHalfOf(PrivateKeyPlaintext)).toEqual(PublicKey)
    const opened = await kms.decrypt({ CiphertextBlob: PrivateKeyCiphertextBlob, EncryptionContext })
    expect(opened).toMatchObject({ Plaintext: PrivateKeyPlaintext, KeyId: key.arn, KeyMaterialId: materialId })
    const without = { CiphertextBlob: PrivateKeyCiphertextBlob }
    await expectRefusal(fixture, 'Decrypt', without, 'InvalidCiphertextException', '')
  })

  test('sealed alone', async () => {
    const { kms } = fixture
    const request = { KeyId: key.arn, KeyPairSpec }
    const { PrivateKeyCiphertextBlob, PublicKey, ...rest } = await kms.generateDataKeyPairWithoutPlaintext(request)
    expect(rest).toStrictEqual({ KeyId: key.arn, KeyPairSpec, KeyMaterialId: materialId })
    const { Plaintext = NOTHING } = await kms.decrypt({ CiphertextBlob: PrivateKeyCiphertextBlob })
    expect(publicHalfOf(Plaintext)).toEqual(PublicKey)
  })
})

test('the private key of an ML-KEM pair is its seed, of one length whatever the parameters', async () => {
  const lengths = new Set<number | undefined>()
  for (const KeyPairSpec of ['ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024'] as const) {
    const { PrivateKeyPlaintext } = await fixture.kms.generateDataKeyPair({ KeyId: key.keyId, KeyPairSpec })
    lengths.add(PrivateKeyPlaintext?.length)
  }
  expect(lengths).toEqual(new Set([86]))
})

describe.each(BOTH)('%s', (operation) => {
  test('SM2 pairs are for China Regions', async () => {
    const message = 'KeyPairSpec SM2 is not supported in this Region.'
    const input = { KeyId: key.keyId, KeyPairSpec: 'SM2' }
    await expectRefusal(fixture, operation, input, 'UnsupportedOperationException', message)
  })

  test('there are no pairs of ML-DSA, nor of anything symmetric', async () => {
    for (const KeyPairSpec of ['ML_DSA_44', 'SYMMETRIC_DEFAULT', 'HMAC_256', undefined]) {
      const input = { KeyId: key.keyId, KeyPairSpec: KeyPairSpec as 'SM2' }
      const attempt =
        operation === 'GenerateDataKeyPair'
          ? fixture.kms.generateDataKeyPair(input)
          : fixture.kms.generateDataKeyPairWithoutPlaintext(input)
      await expect(attempt).rejects.toMatchObject({ code: 'ValidationException' })
    }
  })

  test('only a symmetric encryption key seals them', async () => {
    const { kms } = fixture
    const rsa = await createKeyOf(kms, 'RSA_2048', 'ENCRYPT_DECRYPT')
    const signing = await createKeyOf(kms, 'ECC_NIST_P256', 'SIGN_VERIFY')
    const KeyPairSpec = 'ECC_NIST_P256'
    const kind = `${rsa.arn} key spec is RSA_2048 which is not valid for ${operation}.`
    await expectRefusal(fixture, operation, { KeyId: rsa.keyId, KeyPairSpec }, 'InvalidKeyUsageException', kind)
    const usage = `${signing.arn} key usage is SIGN_VERIFY which is not valid for ${operation}.`
    await expectRefusal(fixture, operation, { KeyId: signing.keyId, KeyPairSpec }, 'InvalidKeyUsageException', usage)
  })

  test('a dry run says what would have been', async () => {
    const message = 'The request would have succeeded, but the DryRun option is set.'
    const input = { KeyId: key.keyId, KeyPairSpec: 'ECC_NIST_EDWARDS25519', DryRun: true }
    await expectRefusal(fixture, operation, input, 'DryRunOperationException', message)
    const disabled = await createKey(fixture.kms)
    await fixture.kms.disableKey({ KeyId: disabled.keyId })
    const text = `${disabled.arn} is disabled.`
    await expectRefusal(fixture, operation, { ...input, KeyId: disabled.keyId }, 'DisabledException', text)
  })
})

test('an attested recipient never gets a private key in the clear', async () => {
  const Recipient = { AttestationDocument: Uint8Array.of(1), KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
  const input = { KeyId: key.keyId, KeyPairSpec: 'ECC_NIST_P256', Recipient }
  const message = 'The attestation document in the request could not be verified.'
  await expectRefusal(fixture, 'GenerateDataKeyPair', input, 'ValidationException', message)
})

test('a pair can be moved to another key like any other data key', async () => {
  const { kms } = fixture
  const other = await createKey(kms)
  const pair = await kms.generateDataKeyPair({ KeyId: key.keyId, KeyPairSpec: 'ECC_SECG_P256K1' })
  const moved = await kms.reEncrypt({ CiphertextBlob: pair.PrivateKeyCiphertextBlob, DestinationKeyId: other.keyId })
  const { Plaintext, KeyId } = await kms.decrypt({ CiphertextBlob: moved.CiphertextBlob })
  expect({ Plaintext, KeyId }).toEqual({ Plaintext: pair.PrivateKeyPlaintext, KeyId: other.arn })
})
