/**
 * DryRun and GrantTokens, which the cryptographic operations share.
 *
 * @covers KMS operations; wire §4 (DryRunOperationException)
 */
import { expect, test } from 'vitest'
import {
  type KmsFixture,
  type NewKey,
  bytesOf,
  call,
  createKey,
  expectRefusal,
  startKms,
} from '../../support/kms-fixture.ts'

const WOULD_HAVE = 'The request would have succeeded, but the DryRun option is set.'

interface Scene extends KmsFixture {
  readonly key: NewKey
  readonly blob: Uint8Array
}

async function setScene(): Promise<Scene> {
  const fixture = await startKms()
  const key = await createKey(fixture.kms)
  const { CiphertextBlob: blob = new Uint8Array(0) } = await fixture.kms.encrypt({
    KeyId: key.keyId,
    Plaintext: bytesOf('x'),
  })
  return { ...fixture, key, blob }
}

const REQUESTS = [
  { name: 'Encrypt', input: ({ key }: Scene) => ({ KeyId: key.keyId, Plaintext: bytesOf('x') }) },
  { name: 'Decrypt', input: ({ blob }: Scene) => ({ CiphertextBlob: blob }) },
  { name: 'ReEncrypt', input: ({ key, blob }: Scene) => ({ CiphertextBlob: blob, DestinationKeyId: key.keyId }) },
  { name: 'GenerateDataKey', input: ({ key }: Scene) => ({ KeyId: key.keyId, NumberOfBytes: 1 }) },
  { name: 'GenerateDataKeyWithoutPlaintext', input: ({ key }: Scene) => ({ KeyId: key.keyId, NumberOfBytes: 1 }) },
] as const

test.each(REQUESTS)('$name: a dry run says that it would have succeeded', async ({ name, input }) => {
  const scene = await setScene()
  await expectRefusal(scene, name, { ...input(scene), DryRun: true }, 'DryRunOperationException', WOULD_HAVE)
  await expect(call(scene.kms, name, { ...input(scene), DryRun: false })).resolves.toHaveProperty('KeyId')
})

test.each(REQUESTS)('$name: a dry run says what would have been refused', async ({ name, input }) => {
  const scene = await setScene()
  const { kms, key } = scene
  await kms.disableKey({ KeyId: key.keyId })
  const request = { ...input(scene), DryRun: true }
  await expectRefusal(scene, name, request, 'DisabledException', `${key.arn} is disabled.`)
})

test('a dry run finds a wrong context and a damaged ciphertext', async () => {
  const scene = await setScene()
  const { key, blob } = scene
  for (const wrong of [
    { CiphertextBlob: blob, EncryptionContext: { a: 'b' } },
    { CiphertextBlob: blob.with(100, 1 ^ (blob[100] ?? 0)) },
  ]) {
    await expectRefusal(scene, 'Decrypt', { ...wrong, DryRun: true }, 'InvalidCiphertextException', '')
  }
  const request = {
    CiphertextBlob: blob,
    SourceEncryptionContext: { a: 'b' },
    DestinationKeyId: key.keyId,
    DryRun: true,
  }
  await expectRefusal(scene, 'ReEncrypt', request, 'InvalidCiphertextException', '')
})

test('a dry run may ask about a key without a ciphertext, or whatever ciphertext there is', async () => {
  const scene = await setScene()
  const { kms, key } = scene
  const dryRun = { DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'], EncryptionContext: { a: 'b' } }
  for (const CiphertextBlob of [undefined, bytesOf('nonsense')]) {
    const decryption = { ...dryRun, CiphertextBlob, KeyId: key.keyId }
    await expectRefusal(scene, 'Decrypt', decryption, 'DryRunOperationException', WOULD_HAVE)
    const reencryption = { ...dryRun, CiphertextBlob, SourceKeyId: key.arn, DestinationKeyId: key.keyId }
    await expectRefusal(scene, 'ReEncrypt', reencryption, 'DryRunOperationException', WOULD_HAVE)
  }
  await kms.disableKey({ KeyId: key.keyId })
  const disabled = `${key.arn} is disabled.`
  await expectRefusal(scene, 'Decrypt', { ...dryRun, KeyId: key.keyId }, 'DisabledException', disabled)
  const unknown = '01234567-89ab-cdef-0123-456789abcdef'
  const message = `Key '${key.arn.replace(key.keyId, unknown)}' does not exist`
  await expectRefusal(scene, 'Decrypt', { ...dryRun, KeyId: unknown }, 'NotFoundException', message)
})

test('without a ciphertext the key must be named, and nothing but a dry run goes without', async () => {
  const scene = await setScene()
  const { keyId } = scene.key
  const DryRunModifiers = ['IGNORE_CIPHERTEXT']
  const source = { DestinationKeyId: keyId, DryRun: true, DryRunModifiers }
  await expectRefusal(scene, 'Decrypt', { DryRun: true, DryRunModifiers }, 'ValidationException', 'KeyId is required.')
  await expectRefusal(scene, 'ReEncrypt', source, 'ValidationException', 'SourceKeyId is required.')
  for (const rest of [{ DryRunModifiers }, { DryRun: false, DryRunModifiers }, { DryRun: true, DryRunModifiers: [] }]) {
    const message = 'CiphertextBlob is required.'
    await expectRefusal(scene, 'Decrypt', { KeyId: keyId, ...rest }, 'ValidationException', message)
    const reencryption = { SourceKeyId: keyId, DestinationKeyId: keyId, ...rest }
    await expectRefusal(scene, 'ReEncrypt', reencryption, 'ValidationException', message)
  }
})

test.each([
  ['DisableKey', {}],
  ['RotateKeyOnDemand', {}],
  ['ScheduleKeyDeletion', {}],
  ['UpdateKeyDescription', { Description: 'new' }],
])('%s has no dry run: the member is unknown to it and ignored', async (name, rest) => {
  const { kms, key } = await setScene()
  const input = { KeyId: key.keyId, ...rest, DryRun: true, GrantTokens: ['x'] }
  await expect(call(kms, name as 'DisableKey', input)).resolves.toBeDefined()
})

test('ListKeys ignores what it does not know', async () => {
  const { kms } = await setScene()
  await expect(call(kms, 'ListKeys', { DryRun: true, GrantTokens: ['x'], Nonsense: 1n })).resolves.toHaveProperty(
    'Keys',
  )
})

test.each([...REQUESTS, { name: 'DescribeKey', input: ({ key }: Scene) => ({ KeyId: key.keyId }) } as const])(
  '$name: what is no grant token is not valid',
  async ({ name, input }) => {
    const scene = await setScene()
    const message = 'The grant token is not valid.'
    const request = { ...input(scene), GrantTokens: ['abc'] }
    await expectRefusal(scene, name, request, 'InvalidGrantTokenException', message)
    await expect(call(scene.kms, name, { ...input(scene), GrantTokens: [] })).resolves.toBeDefined()
  },
)

test('a request takes ten grant tokens of 1 to 8192 characters', async () => {
  const scene = await setScene()
  const { keyId: KeyId } = scene.key
  const tooMany = Array.from({ length: 11 }, () => 'abc')
  const message =
    `1 validation error detected: Value '[${tooMany.join(', ')}]' at 'grantTokens' failed to satisfy constraint: ` +
    'Member must have length less than or equal to 10'
  await expectRefusal(scene, 'DescribeKey', { KeyId, GrantTokens: tooMany }, 'ValidationException', message)
})
