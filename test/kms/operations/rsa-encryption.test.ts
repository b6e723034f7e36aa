/**
 * Encrypt, Decrypt and ReEncrypt with RSA keys.
 *
 * @covers KMS operations, Encrypt, Decrypt and ReEncrypt; crypto-details §3, §7; wire §4
 */
import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { type KmsFixture, type NewKey, bytesOf, createKey, expectRefusal, startKms } from '../../support/kms-fixture.ts'
import { flipBit } from '../../support/bits.ts'
import { createKeyOf, startNativeKms } from '../../support/kms-keys.ts'

const SECRET = bytesOf('the secret')
const ALGORITHMS = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] as const
const WOULD_HAVE = 'The request would have succeeded, but the DryRun option is set.'

let fixture: KmsFixture
let rsa: NewKey
let other: NewKey
let symmetric: NewKey

beforeAll(async () => {
  fixture = await startKms()
  rsa = await createKeyOf(fixture.kms, 'RSA_2048', 'ENCRYPT_DECRYPT')
  other = await createKeyOf(fixture.kms, 'RSA_2048', 'ENCRYPT_DECRYPT')
  symmetric = await createKey(fixture.kms)
})

const base = () => ({ KeyId: rsa.keyId, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' as const })

async function encryptOutside(key: NewKey, oaepHash: string, plaintext: Uint8Array): Promise<Uint8Array> {
  const { PublicKey = new Uint8Array(0) } = await fixture.kms.getPublicKey({ KeyId: key.keyId })
  const spki = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  return Uint8Array.from(publicEncrypt({ key: spki, padding, oaepHash }, plaintext))
}

test.each(ALGORITHMS)('%s: answers with the members that AWS shows, and no others', async (EncryptionAlgorithm) => {
  const { kms } = fixture
  const KeyId = rsa.keyId
  const { CiphertextBlob, ...rest } = await kms.encrypt({ KeyId, Plaintext: SECRET, EncryptionAlgorithm })
  expect(rest).toStrictEqual({ KeyId: rsa.arn, EncryptionAlgorithm })
  expect(CiphertextBlob).toHaveLength(256)
  expect(await kms.decrypt({ KeyId, CiphertextBlob, EncryptionAlgorithm })).toStrictEqual({
    KeyId: rsa.arn,
    Plaintext: SECRET,
    EncryptionAlgorithm,
  })
  const outside = await encryptOutside(rsa, EncryptionAlgorithm === 'RSAES_OAEP_SHA_1' ? 'sha1' : 'sha256', SECRET)
  const answer = await kms.decrypt({ KeyId, CiphertextBlob: outside, EncryptionAlgorithm })
  expect(answer.Plaintext).toEqual(SECRET)
})

describe('the longest plaintext', () => {
  let native: KmsFixture
  beforeAll(async () => {
    native = await startNativeKms()
  })

  test.each([
    ['RSA_2048', 'RSAES_OAEP_SHA_1', 214],
    ['RSA_2048', 'RSAES_OAEP_SHA_256', 190],
    ['RSA_3072', 'RSAES_OAEP_SHA_1', 342],
    ['RSA_3072', 'RSAES_OAEP_SHA_256', 318],
    ['RSA_4096', 'RSAES_OAEP_SHA_1', 470],
    ['RSA_4096', 'RSAES_OAEP_SHA_256', 446],
  ] as const)('of %s with %s is %s bytes', async (spec, EncryptionAlgorithm, most) => {
    const { keyId: KeyId } = await createKeyOf(native.kms, spec, 'ENCRYPT_DECRYPT')
    const Plaintext = new Uint8Array(most).fill(1)
    const { CiphertextBlob } = await native.kms.encrypt({ KeyId, Plaintext, EncryptionAlgorithm })
    expect(CiphertextBlob).toHaveLength(Number(spec.slice(4)) / 8)
    const answer = await native.kms.decrypt({ KeyId, CiphertextBlob, EncryptionAlgorithm })
    expect(answer.Plaintext).toEqual(Plaintext)
    const message = `Algorithm ${EncryptionAlgorithm} and key spec ${spec} cannot encrypt data larger than ${most} bytes.`
    for (const length of [most + 1, 4096]) {
      const input = { KeyId, Plaintext: new Uint8Array(length), EncryptionAlgorithm }
      await expectRefusal(native, 'Encrypt', input, 'ValidationException', message)
    }
  })
})

test('the algorithm must be given, and one that the key has', async () => {
  const CiphertextBlob = new Uint8Array(256)
  for (const EncryptionAlgorithm of [undefined, 'SYMMETRIC_DEFAULT', 'SM2PKE']) {
    const message = `Algorithm ${EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT'} is incompatible with key spec RSA_2048.`
    const encryption = { KeyId: rsa.keyId, Plaintext: SECRET, EncryptionAlgorithm }
    await expectRefusal(fixture, 'Encrypt', encryption, 'InvalidKeyUsageException', message)
    const decryption = { KeyId: rsa.keyId, CiphertextBlob, EncryptionAlgorithm }
    await expectRefusal(fixture, 'Decrypt', decryption, 'InvalidKeyUsageException', message)
  }
})

test('nothing in a ciphertext names its key, so the request has to', async () => {
  const { CiphertextBlob } = await fixture.kms.encrypt({ ...base(), Plaintext: SECRET })
  for (const EncryptionAlgorithm of [...ALGORITHMS, 'SM2PKE']) {
    const decryption = { CiphertextBlob, EncryptionAlgorithm }
    await expectRefusal(fixture, 'Decrypt', decryption, 'ValidationException', 'KeyId is required.')
    const reencryption = {
      CiphertextBlob,
      SourceEncryptionAlgorithm: EncryptionAlgorithm,
      DestinationKeyId: symmetric.keyId,
    }
    await expectRefusal(fixture, 'ReEncrypt', reencryption, 'ValidationException', 'SourceKeyId is required.')
  }
  // Without an algorithm it is taken for a blob, and is none.
  await expectRefusal(fixture, 'Decrypt', { CiphertextBlob }, 'InvalidCiphertextException', '')
  const unnamed = { CiphertextBlob, DestinationKeyId: symmetric.keyId }
  await expectRefusal(fixture, 'ReEncrypt', unnamed, 'InvalidCiphertextException', '')
})

test('whatever is wrong with a ciphertext, the answer is the same', async () => {
  const { CiphertextBlob: good = new Uint8Array(0) } = await fixture.kms.encrypt({ ...base(), Plaintext: SECRET })
  const { CiphertextBlob: blob = new Uint8Array(0) } = await fixture.kms.encrypt({
    KeyId: symmetric.keyId,
    Plaintext: SECRET,
  })
  const wrong = [
    flipBit(good, 9),
    flipBit(good, 2047),
    good.slice(1),
    Uint8Array.of(...good, 0),
    new Uint8Array(256).fill(255),
    blob,
    await encryptOutside(rsa, 'sha1', SECRET),
    await encryptOutside(rsa, 'sha384', SECRET),
    await encryptOutside(other, 'sha256', SECRET),
    // An outsider can encrypt nothing at all; AWS's plaintexts have at least one byte.
    await encryptOutside(rsa, 'sha256', new Uint8Array(0)),
  ]
  for (const CiphertextBlob of wrong) {
    await expectRefusal(fixture, 'Decrypt', { ...base(), CiphertextBlob }, 'InvalidCiphertextException', '')
    const reencryption = {
      CiphertextBlob,
      SourceKeyId: rsa.keyId,
      SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
      DestinationKeyId: symmetric.keyId,
    }
    await expectRefusal(fixture, 'ReEncrypt', reencryption, 'InvalidCiphertextException', '')
  }
  const named = { KeyId: symmetric.keyId, CiphertextBlob: good }
  await expectRefusal(fixture, 'Decrypt', named, 'InvalidCiphertextException', '')
})

test('an encryption context is for symmetric keys; an empty one is none', async () => {
  const message = 'EncryptionContext is valid only for symmetric encryption KMS keys.'
  const EncryptionContext = { a: 'b' }
  const encryption = { ...base(), Plaintext: SECRET, EncryptionContext }
  await expectRefusal(fixture, 'Encrypt', encryption, 'ValidationException', message)
  const { CiphertextBlob } = await fixture.kms.encrypt({ ...base(), Plaintext: SECRET, EncryptionContext: {} })
  await expectRefusal(
    fixture,
    'Decrypt',
    { ...base(), CiphertextBlob, EncryptionContext },
    'ValidationException',
    message,
  )
  const opened = await fixture.kms.decrypt({ ...base(), CiphertextBlob, EncryptionContext: {} })
  expect(opened.Plaintext).toEqual(SECRET)
  const reencryption = {
    CiphertextBlob,
    SourceKeyId: rsa.keyId,
    SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
    DestinationKeyId: other.keyId,
    DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_1',
  }
  for (const member of ['SourceEncryptionContext', 'DestinationEncryptionContext']) {
    const input = { ...reencryption, [member]: EncryptionContext }
    await expectRefusal(fixture, 'ReEncrypt', input, 'ValidationException', message)
  }
})

describe('ReEncrypt', () => {
  const toRsa = () => ({ DestinationKeyId: other.keyId, DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_1' as const })
  const fromRsa = () => ({ SourceKeyId: rsa.arn, SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' as const })

  test('from symmetric to RSA shows the material of the one side alone', async () => {
    const { kms } = fixture
    const EncryptionContext = { a: 'b' }
    const sealed = await kms.encrypt({ KeyId: symmetric.keyId, Plaintext: SECRET, EncryptionContext })
    const { KeyMetadata } = await kms.describeKey({ KeyId: symmetric.keyId })
    const source = { CiphertextBlob: sealed.CiphertextBlob, SourceEncryptionContext: EncryptionContext }
    const { CiphertextBlob, ...rest } = await kms.reEncrypt({ ...source, ...toRsa() })
    expect(rest).toStrictEqual({
      SourceKeyId: symmetric.arn,
      KeyId: other.arn,
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_1',
      SourceKeyMaterialId: KeyMetadata?.CurrentKeyMaterialId,
    })
    const opened = await kms.decrypt({ KeyId: other.keyId, CiphertextBlob, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' })
    expect(opened.Plaintext).toEqual(SECRET)
  })

  test('from RSA to symmetric shows the material of the other', async () => {
    const { kms } = fixture
    const sealed = await kms.encrypt({ ...base(), Plaintext: SECRET })
    const { KeyMetadata } = await kms.describeKey({ KeyId: symmetric.keyId })
    const DestinationEncryptionContext = { c: 'd' }
    const { CiphertextBlob, ...rest } = await kms.reEncrypt({
      CiphertextBlob: sealed.CiphertextBlob,
      ...fromRsa(),
      DestinationKeyId: symmetric.keyId,
      DestinationEncryptionContext,
    })
    expect(rest).toStrictEqual({
      SourceKeyId: rsa.arn,
      KeyId: symmetric.arn,
      SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationKeyMaterialId: KeyMetadata?.CurrentKeyMaterialId,
    })
    const opened = await kms.decrypt({ CiphertextBlob, EncryptionContext: DestinationEncryptionContext })
    expect(opened.Plaintext).toEqual(SECRET)
  })

  test('from RSA to RSA shows none', async () => {
    const { kms } = fixture
    const sealed = await kms.encrypt({ ...base(), Plaintext: SECRET })
    const moved = await kms.reEncrypt({ CiphertextBlob: sealed.CiphertextBlob, ...fromRsa(), ...toRsa() })
    expect(Object.keys(moved).toSorted()).toEqual(
      [
        'CiphertextBlob',
        'SourceKeyId',
        'KeyId',
        'SourceEncryptionAlgorithm',
        'DestinationEncryptionAlgorithm',
      ].toSorted(),
    )
  })

  test('what RSA cannot take is refused in the name of the destination', async () => {
    const { CiphertextBlob } = await fixture.kms.encrypt({ KeyId: symmetric.keyId, Plaintext: new Uint8Array(215) })
    const message = 'Algorithm RSAES_OAEP_SHA_1 and key spec RSA_2048 cannot encrypt data larger than 214 bytes.'
    await expectRefusal(fixture, 'ReEncrypt', { CiphertextBlob, ...toRsa() }, 'ValidationException', message)
  })

  test('each side must have its algorithm, the source first', async () => {
    const { CiphertextBlob } = await fixture.kms.encrypt({ ...base(), Plaintext: SECRET })
    const message = 'Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048.'
    const unsaid = { CiphertextBlob, SourceKeyId: rsa.keyId, ...toRsa() }
    await expectRefusal(fixture, 'ReEncrypt', unsaid, 'InvalidKeyUsageException', message)
    const unsaidThere = { CiphertextBlob, ...fromRsa(), DestinationKeyId: other.keyId }
    await expectRefusal(fixture, 'ReEncrypt', unsaidThere, 'InvalidKeyUsageException', message)
  })

  test('a dry run says what would have been', async () => {
    const { CiphertextBlob } = await fixture.kms.encrypt({ ...base(), Plaintext: SECRET })
    const request = { CiphertextBlob, ...fromRsa(), ...toRsa(), DryRun: true }
    await expectRefusal(fixture, 'ReEncrypt', request, 'DryRunOperationException', WOULD_HAVE)
    const damaged = { ...request, CiphertextBlob: new Uint8Array(256) }
    await expectRefusal(fixture, 'ReEncrypt', damaged, 'InvalidCiphertextException', '')
    const ignored = { ...fromRsa(), ...toRsa(), DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] }
    await expectRefusal(fixture, 'ReEncrypt', ignored, 'DryRunOperationException', WOULD_HAVE)
  })
})

test('a dry run of Encrypt and Decrypt says what would have been', async () => {
  const { CiphertextBlob } = await fixture.kms.encrypt({ ...base(), Plaintext: SECRET })
  const encryption = { ...base(), Plaintext: SECRET, DryRun: true }
  await expectRefusal(fixture, 'Encrypt', encryption, 'DryRunOperationException', WOULD_HAVE)
  const decryption = { ...base(), CiphertextBlob, DryRun: true }
  await expectRefusal(fixture, 'Decrypt', decryption, 'DryRunOperationException', WOULD_HAVE)
  const damaged = { ...decryption, CiphertextBlob: new Uint8Array(256) }
  await expectRefusal(fixture, 'Decrypt', damaged, 'InvalidCiphertextException', '')
})

test('a key that signs encrypts nothing, and data keys are sealed by symmetric keys alone', async () => {
  const signing = await createKeyOf(fixture.kms, 'RSA_2048', 'SIGN_VERIFY')
  const message = (operation: string) => `${signing.arn} key usage is SIGN_VERIFY which is not valid for ${operation}.`
  const encryption = { KeyId: signing.keyId, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
  const plaintext = { ...encryption, Plaintext: SECRET }
  await expectRefusal(fixture, 'Encrypt', plaintext, 'InvalidKeyUsageException', message('Encrypt'))
  const ciphertext = { ...encryption, CiphertextBlob: new Uint8Array(256) }
  await expectRefusal(fixture, 'Decrypt', ciphertext, 'InvalidKeyUsageException', message('Decrypt'))
  for (const operation of ['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'] as const) {
    const text = `${rsa.arn} key spec is RSA_2048 which is not valid for ${operation}.`
    const input = { KeyId: rsa.keyId, NumberOfBytes: 32 }
    await expectRefusal(fixture, operation, input, 'InvalidKeyUsageException', text)
  }
})
