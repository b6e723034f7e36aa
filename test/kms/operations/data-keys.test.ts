/**
 * GenerateDataKey, GenerateDataKeyWithoutPlaintext and GenerateRandom.
 *
 * @covers KMS operations; crypto-details §5; wire §4, §5
 */
import { expect, test } from 'vitest'
import { type KmsFixture, base64Of, createKey, expectRefusal, startKms } from '../../support/kms-fixture.ts'

async function setScene(): Promise<KmsFixture & { readonly keyId: string; readonly arn: string }> {
  const fixture = await startKms()
  return { ...fixture, ...(await createKey(fixture.kms)) }
}

const SIZES = [
  [{ KeySpec: 'AES_128' }, 16],
  [{ KeySpec: 'AES_256' }, 32],
  [{ NumberOfBytes: 1 }, 1],
  [{ NumberOfBytes: 64 }, 64],
  [{ NumberOfBytes: 1024 }, 1024],
] as const

test.each(SIZES)('GenerateDataKey of %o gives %s bytes, in the clear and sealed', async (size, length) => {
  const { kms, keyId, arn } = await setScene()
  const EncryptionContext = { for: 'a file' }
  const answer = await kms.generateDataKey({ KeyId: keyId, ...size, EncryptionContext })
  const { CiphertextBlob, Plaintext, ...rest } = answer
  const { KeyMetadata } = await kms.describeKey({ KeyId: keyId })
  expect(rest).toStrictEqual({ KeyId: arn, KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId })
  expect(Plaintext).toHaveLength(length)
  await expect(kms.decrypt({ CiphertextBlob, EncryptionContext })).resolves.toMatchObject({ Plaintext, KeyId: arn })
  await expectRefusal(await setScene(), 'Decrypt', { CiphertextBlob }, 'InvalidCiphertextException', '')
})

test.each(SIZES)('GenerateDataKeyWithoutPlaintext of %o seals %s bytes', async (size, length) => {
  const { kms, keyId, arn } = await setScene()
  const { CiphertextBlob, ...rest } = await kms.generateDataKeyWithoutPlaintext({ KeyId: keyId, ...size })
  const { KeyMetadata } = await kms.describeKey({ KeyId: keyId })
  expect(rest).toStrictEqual({ KeyId: arn, KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId })
  const { Plaintext } = await kms.decrypt({ CiphertextBlob })
  expect(Plaintext).toHaveLength(length)
})

test('a data key of 256 bits is 184 bytes sealed, and begins as AWS lets it', async () => {
  const { kms, keyId: KeyId } = await setScene()
  const { CiphertextBlob } = await kms.generateDataKey({ KeyId, KeySpec: 'AES_256' })
  expect(CiphertextBlob).toHaveLength(184)
  expect(base64Of(CiphertextBlob).slice(0, 5)).toBe('AQICA')
})

test('no two data keys are the same', async () => {
  const { kms, keyId: KeyId } = await setScene()
  const drawn = await Promise.all(Array.from({ length: 50 }, () => kms.generateDataKey({ KeyId, KeySpec: 'AES_256' })))
  expect(new Set(drawn.map(({ Plaintext }) => base64Of(Plaintext))).size).toBe(50)
})

test.each(['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'] as const)(
  '%s needs one size, not two',
  async (name) => {
    const scene = await setScene()
    const message = 'Please specify either number of bytes or key spec.'
    for (const size of [{}, { KeySpec: 'AES_128', NumberOfBytes: 16 }, { KeySpec: undefined }]) {
      await expectRefusal(scene, name, { KeyId: scene.keyId, ...size }, 'ValidationException', message)
    }
  },
)

test.each(['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'GenerateRandom'] as const)(
  '%s gives 1 to 1024 bytes',
  async (name) => {
    const scene = await setScene()
    const key = name === 'GenerateRandom' ? {} : { KeyId: scene.keyId }
    for (const [NumberOfBytes, bound] of [
      [0, 'greater than or equal to 1'],
      [-5, 'greater than or equal to 1'],
      [1025, 'less than or equal to 1024'],
    ] as const) {
      const message =
        `1 validation error detected: Value '${NumberOfBytes}' at 'numberOfBytes' failed to satisfy constraint: ` +
        `Member must have value ${bound}`
      await expectRefusal(scene, name, { ...key, NumberOfBytes }, 'ValidationException', message)
    }
  },
)

test.each(['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'] as const)('%s knows two key specs', async (name) => {
  const scene = await setScene()
  const error = await scene.kms[name === 'GenerateDataKey' ? 'generateDataKey' : 'generateDataKeyWithoutPlaintext']({
    KeyId: scene.keyId,
    KeySpec: 'AES_192' as 'AES_256',
  }).catch((refusal: unknown) => refusal)
  expect(error).toMatchObject({ code: 'ValidationException' })
  // AWS lists the values in the order of a hash.
  expect((error as Error).message).toMatch(
    /^1 validation error detected: Value 'AES_192' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: \[(AES_256, AES_128|AES_128, AES_256)\]$/u,
  )
})

test.each([1, 32, 1024])('GenerateRandom gives %s bytes and nothing else', async (NumberOfBytes) => {
  const { kms } = await startKms()
  const { Plaintext, ...rest } = await kms.generateRandom({ NumberOfBytes })
  expect(rest).toStrictEqual({})
  expect(Plaintext).toHaveLength(NumberOfBytes)
})

test('GenerateRandom does not repeat itself', async () => {
  const { kms } = await startKms()
  const drawn = await Promise.all(Array.from({ length: 50 }, () => kms.generateRandom({ NumberOfBytes: 16 })))
  expect(new Set(drawn.map(({ Plaintext }) => base64Of(Plaintext))).size).toBe(50)
})

test('GenerateRandom must be told how many bytes', async () => {
  const fixture = await startKms()
  for (const input of [undefined, {}, { NumberOfBytes: undefined }]) {
    await expectRefusal(fixture, 'GenerateRandom', input, 'ValidationException', 'NumberOfBytes is required.')
  }
})

test('GenerateRandom knows no custom key store', async () => {
  const fixture = await startKms()
  const input = { NumberOfBytes: 1, CustomKeyStoreId: 'cks-0123456789abcdef0' }
  const message = 'Custom key store cks-0123456789abcdef0 is not found.'
  await expectRefusal(fixture, 'GenerateRandom', input, 'CustomKeyStoreNotFoundException', message)
})
