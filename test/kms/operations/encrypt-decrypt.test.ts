/**
 * Encrypt and Decrypt.
 *
 * @covers KMS operations, Encrypt and Decrypt; crypto-details §3, §4; wire §4, §5
 */
import { expect, test } from 'vitest'
import {
  ACCOUNT,
  type KmsFixture,
  OTHER_ACCOUNT,
  OTHER_REGION,
  REGION,
  base64Of,
  bytesOf,
  createKey,
  expectRefusal,
  refusalOf,
  startKms,
} from '../../support/kms-fixture.ts'

const SECRET = bytesOf('the secret')

async function setScene(): Promise<KmsFixture & { readonly keyId: string; readonly arn: string }> {
  const fixture = await startKms()
  return { ...fixture, ...(await createKey(fixture.kms)) }
}

test('answers with the members that AWS shows, and no others', async () => {
  const { kms, keyId, arn } = await setScene()
  const { CiphertextBlob, ...rest } = await kms.encrypt({ KeyId: keyId, Plaintext: SECRET })
  expect(rest).toStrictEqual({ KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' })
  const { KeyMetadata } = await kms.describeKey({ KeyId: keyId })
  await expect(kms.decrypt({ CiphertextBlob })).resolves.toStrictEqual({
    KeyId: arn,
    Plaintext: SECRET,
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId,
  })
})

test.each([
  [1, 153],
  [16, 168],
  [32, 184],
  [35, 187],
  [42, 195],
  [102, 259],
  [4096, 4258],
])('%s bytes make a blob of %s, which looks like one of AWS', async (length, blobLength) => {
  const { kms, keyId } = await setScene()
  const Plaintext = new Uint8Array(length).fill(7)
  const { CiphertextBlob = new Uint8Array(0) } = await kms.encrypt({ KeyId: keyId, Plaintext })
  expect(CiphertextBlob).toHaveLength(blobLength)
  expect(base64Of(CiphertextBlob).slice(0, 5)).toBe('AQICA')
  await expect(kms.decrypt({ CiphertextBlob })).resolves.toMatchObject({ Plaintext })
})

test('the same plaintext never makes the same blob', async () => {
  const { kms, keyId } = await setScene()
  const blobs = await Promise.all(Array.from({ length: 20 }, () => kms.encrypt({ KeyId: keyId, Plaintext: SECRET })))
  expect(new Set(blobs.map(({ CiphertextBlob }) => base64Of(CiphertextBlob))).size).toBe(20)
})

test.each([
  [0, 'greater than or equal to 1'],
  [4097, 'less than or equal to 4096'],
])('a plaintext of %s bytes is refused', async (length, bound) => {
  const scene = await setScene()
  const input = { KeyId: scene.keyId, Plaintext: new Uint8Array(length) }
  const message = `1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length ${bound}`
  await expectRefusal(scene, 'Encrypt', input, 'ValidationException', message)
})

test.each([
  [0, 'greater than or equal to 1'],
  [6145, 'less than or equal to 6144'],
])('a ciphertext of %s bytes is refused', async (length, bound) => {
  const scene = await setScene()
  const input = { CiphertextBlob: new Uint8Array(length) }
  const message = `1 validation error detected: Value at 'ciphertextBlob' failed to satisfy constraint: Member must have length ${bound}`
  await expectRefusal(scene, 'Decrypt', input, 'ValidationException', message)
})

test('Decrypt needs a ciphertext', async () => {
  const scene = await setScene()
  for (const input of [undefined, {}, { KeyId: scene.keyId }, { KeyId: 'not a key', DryRun: true }]) {
    await expectRefusal(scene, 'Decrypt', input, 'ValidationException', 'CiphertextBlob is required.')
  }
})

test('the named key must be the one that encrypted', async () => {
  const scene = await setScene()
  const other = await createKey(scene.kms)
  await scene.kms.createAlias({ AliasName: 'alias/other', TargetKeyId: other.keyId })
  const { CiphertextBlob } = await scene.kms.encrypt({ KeyId: scene.keyId, Plaintext: SECRET })
  const message = 'The key ID in the request does not identify a CMK that can perform this operation.'
  for (const KeyId of [other.keyId, other.arn, 'alias/other', `arn:aws:kms:${REGION}:${ACCOUNT}:alias/other`]) {
    await expectRefusal(scene, 'Decrypt', { CiphertextBlob, KeyId }, 'IncorrectKeyException', message)
  }
})

test('an alias names whatever key it points to now', async () => {
  const scene = await setScene()
  const { kms } = scene
  const other = await createKey(kms)
  await kms.createAlias({ AliasName: 'alias/a', TargetKeyId: scene.keyId })
  const { CiphertextBlob, KeyId } = await kms.encrypt({ KeyId: 'alias/a', Plaintext: SECRET })
  expect(KeyId).toBe(scene.arn)
  await kms.updateAlias({ AliasName: 'alias/a', TargetKeyId: other.keyId })
  await expect(kms.decrypt({ CiphertextBlob })).resolves.toMatchObject({ Plaintext: SECRET })
  const refusal = await refusalOf(kms.decrypt({ CiphertextBlob, KeyId: 'alias/a' }))
  expect(refusal.code).toBe('IncorrectKeyException')
})

test('the encryption context must be the same, in any order', async () => {
  const scene = await setScene()
  const { kms, keyId: KeyId } = scene
  const EncryptionContext = { a: 'bc', '': '', '☃': '🔑', 'aws:x': 'y', A: 'bc' }
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: SECRET, EncryptionContext })
  const reversed = Object.fromEntries(Object.entries(EncryptionContext).toReversed())
  await expect(kms.decrypt({ CiphertextBlob, EncryptionContext: reversed })).resolves.toMatchObject({
    Plaintext: SECRET,
  })
  const { '': _dropped, ...fewer } = EncryptionContext
  const others = [undefined, {}, fewer, { ...EncryptionContext, more: '' }, { ...EncryptionContext, a: 'b' }]
  for (const other of [...others, { ...EncryptionContext, A: 'BC' }, { ...fewer, ' ': '' }]) {
    const input = { CiphertextBlob, EncryptionContext: other }
    await expectRefusal(scene, 'Decrypt', input, 'InvalidCiphertextException', '')
  }
})

test('no context, an empty one and null are the same', async () => {
  const { kms, keyId: KeyId } = await setScene()
  const contexts = [{}, { EncryptionContext: {} }, { EncryptionContext: undefined }]
  for (const sealed of contexts) {
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: SECRET, ...sealed })
    for (const opened of contexts) {
      await expect(kms.decrypt({ CiphertextBlob, ...opened })).resolves.toMatchObject({ Plaintext: SECRET })
    }
  }
})

test('a context may have any key, even one that means something to JavaScript', async () => {
  const scene = await setScene()
  const EncryptionContext = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}') as Record<string, string>
  const input = { KeyId: scene.keyId, Plaintext: SECRET, EncryptionContext }
  const { CiphertextBlob } = await scene.kms.encrypt(input)
  await expect(scene.kms.decrypt({ CiphertextBlob, EncryptionContext })).resolves.toMatchObject({ Plaintext: SECRET })
  for (const text of [
    '{}',
    '{"constructor":"b","toString":"c"}',
    '{"__proto__":"x","constructor":"b","toString":"c"}',
  ]) {
    const wrong = { CiphertextBlob, EncryptionContext: JSON.parse(text) as unknown }
    await expectRefusal(scene, 'Decrypt', wrong, 'InvalidCiphertextException', '')
  }
})

test('whatever is wrong with a ciphertext, the answer is the same', async () => {
  const scene = await setScene()
  const { kms, keyId: KeyId } = scene
  const { CiphertextBlob: blob = new Uint8Array(0) } = await kms.encrypt({ KeyId, Plaintext: SECRET })
  const damaged = Array.from(blob, (byte, at) => blob.with(at, byte ^ (1 << (at % 8))))
  const truncated = Array.from(blob.keys(), (length) => blob.slice(0, length)).filter(({ length }) => length > 0)
  const longer = [Uint8Array.of(...blob, 0), Uint8Array.of(...blob, ...blob), new Uint8Array(6144)]
  for (const CiphertextBlob of [...damaged, ...truncated, ...longer]) {
    const refusal = await refusalOf(kms.decrypt({ CiphertextBlob }))
    expect(refusal).toEqual({ code: 'InvalidCiphertextException', message: '' })
  }
  await expect(kms.decrypt({ CiphertextBlob: blob })).resolves.toMatchObject({ Plaintext: SECRET })
})

test('a ciphertext of another Region or another KMS is no ciphertext here', async () => {
  const scene = await setScene()
  const elsewhere = scene.kms.inRegion(OTHER_REGION)
  const stranger = await setScene()
  for (const { kms, keyId: KeyId } of [{ kms: elsewhere, ...(await createKey(elsewhere)) }, stranger]) {
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: SECRET })
    await expectRefusal(scene, 'Decrypt', { CiphertextBlob }, 'InvalidCiphertextException', '')
  }
})

test("a ciphertext of another account's key is not the caller's to decrypt", async () => {
  const scene = await setScene()
  const { CiphertextBlob } = await scene.kms.encrypt({ KeyId: scene.keyId, Plaintext: SECRET })
  const principal = `arn:aws:iam::${OTHER_ACCOUNT}:user/eve`
  const message =
    `User: ${principal} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext ` +
    'because the resource does not exist in this Region, no resource-based policies allow access, or a ' +
    'resource-based policy explicitly denies access'
  const stranger = { ...scene, kms: scene.kms.as(principal) }
  await expectRefusal(stranger, 'Decrypt', { CiphertextBlob }, 'AccessDeniedException', message)
})

test('an algorithm that the key does not have is refused', async () => {
  const scene = await setScene()
  const { CiphertextBlob } = await scene.kms.encrypt({
    KeyId: scene.keyId,
    Plaintext: SECRET,
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  })
  for (const EncryptionAlgorithm of ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'SM2PKE']) {
    const message = `Algorithm ${EncryptionAlgorithm} is incompatible with key spec SYMMETRIC_DEFAULT.`
    const encryption = { KeyId: scene.keyId, Plaintext: SECRET, EncryptionAlgorithm }
    await expectRefusal(scene, 'Encrypt', encryption, 'InvalidKeyUsageException', message)
    const decryption = { KeyId: scene.keyId, CiphertextBlob, EncryptionAlgorithm }
    await expectRefusal(scene, 'Decrypt', decryption, 'InvalidKeyUsageException', message)
  }
})

test('an attested recipient never gets an answer in the clear', async () => {
  const scene = await setScene()
  const { CiphertextBlob } = await scene.kms.encrypt({ KeyId: scene.keyId, Plaintext: SECRET })
  const KeyEncryptionAlgorithm = 'RSAES_OAEP_SHA_256'
  const AttestationDocument = bytesOf('x')
  const recipients: ReadonlyArray<readonly [object, string]> = [
    [{}, 'Recipient.KeyEncryptionAlgorithm is required.'],
    [{ AttestationDocument }, 'Recipient.KeyEncryptionAlgorithm is required.'],
    [{ KeyEncryptionAlgorithm }, 'Recipient.AttestationDocument is required.'],
    [{ AttestationDocument, KeyEncryptionAlgorithm }, 'The attestation document in the request could not be verified.'],
  ]
  for (const [Recipient, message] of recipients) {
    await expectRefusal(scene, 'Decrypt', { CiphertextBlob, Recipient }, 'ValidationException', message)
    const dataKey = { KeyId: scene.keyId, NumberOfBytes: 1, Recipient }
    await expectRefusal(scene, 'GenerateDataKey', dataKey, 'ValidationException', message)
    await expectRefusal(scene, 'GenerateRandom', { NumberOfBytes: 1, Recipient }, 'ValidationException', message)
  }
})
