/**
 * ReEncrypt: two keys, two contexts, two permissions.
 *
 * @covers KMS operations, ReEncrypt; wire §4
 */
import { expect, test } from 'vitest'
import {
  type KmsFixture,
  type NewKey,
  OTHER_ACCOUNT,
  REGION,
  bytesOf,
  createKey,
  expectRefusal,
  refusalOf,
  startKms,
} from '../../support/kms-fixture.ts'

const SECRET = bytesOf('the secret')
const CONTEXT = { from: 'here' }

interface Scene extends KmsFixture {
  readonly source: NewKey
  readonly destination: NewKey
  readonly blob: Uint8Array
}

async function setScene(): Promise<Scene> {
  const fixture = await startKms()
  const source = await createKey(fixture.kms)
  const destination = await createKey(fixture.kms)
  const { CiphertextBlob: blob = new Uint8Array(0) } = await fixture.kms.encrypt({
    KeyId: source.keyId,
    Plaintext: SECRET,
    EncryptionContext: CONTEXT,
  })
  return { ...fixture, source, destination, blob }
}

test('answers with the members that AWS shows, and never with the plaintext', async () => {
  const { kms, source, destination, blob } = await setScene()
  const { CiphertextBlob, ...rest } = await kms.reEncrypt({
    CiphertextBlob: blob,
    SourceEncryptionContext: CONTEXT,
    DestinationKeyId: destination.keyId,
    DestinationEncryptionContext: { to: 'there' },
  })
  const [from, to] = await Promise.all([source, destination].map(({ keyId: KeyId }) => kms.describeKey({ KeyId })))
  expect(rest).toStrictEqual({
    SourceKeyId: source.arn,
    KeyId: destination.arn,
    SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    SourceKeyMaterialId: from?.KeyMetadata?.CurrentKeyMaterialId,
    DestinationKeyMaterialId: to?.KeyMetadata?.CurrentKeyMaterialId,
  })
  expect(CiphertextBlob).toHaveLength(blob.length)
  const opened = await kms.decrypt({ CiphertextBlob, EncryptionContext: { to: 'there' } })
  expect(opened).toMatchObject({ Plaintext: SECRET, KeyId: destination.arn })
  // The source stays what it was.
  await expect(kms.decrypt({ CiphertextBlob: blob, EncryptionContext: CONTEXT })).resolves.toMatchObject({
    Plaintext: SECRET,
  })
})

test('moves a ciphertext to the newest version of the same key', async () => {
  const { kms, source, blob } = await setScene()
  await kms.rotateKeyOnDemand({ KeyId: source.keyId })
  const { KeyMetadata } = await kms.describeKey({ KeyId: source.keyId })
  const moved = await kms.reEncrypt({
    CiphertextBlob: blob,
    SourceKeyId: source.arn,
    SourceEncryptionContext: CONTEXT,
    DestinationKeyId: source.keyId,
  })
  expect(moved.DestinationKeyMaterialId).toBe(KeyMetadata?.CurrentKeyMaterialId)
  expect(moved.SourceKeyMaterialId).not.toBe(moved.DestinationKeyMaterialId)
  const opened = await kms.decrypt({ CiphertextBlob: moved.CiphertextBlob })
  expect(opened).toMatchObject({ Plaintext: SECRET, KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId })
})

test.each([1, 32, 100, 4096])('keeps %s bytes', async (length) => {
  const { kms, source, destination } = await setScene()
  const Plaintext = Uint8Array.from({ length }, (_, i) => i)
  const { CiphertextBlob } = await kms.encrypt({ KeyId: source.keyId, Plaintext })
  const moved = await kms.reEncrypt({ CiphertextBlob, DestinationKeyId: destination.keyId })
  await expect(kms.decrypt({ CiphertextBlob: moved.CiphertextBlob })).resolves.toMatchObject({ Plaintext })
})

test('the source context must be the one that was sealed; the destination context is new', async () => {
  const scene = await setScene()
  const { blob: CiphertextBlob, destination } = scene
  const DestinationKeyId = destination.keyId
  for (const SourceEncryptionContext of [undefined, {}, { from: 'there' }, { ...CONTEXT, more: '' }]) {
    const input = { CiphertextBlob, DestinationKeyId, SourceEncryptionContext, DestinationEncryptionContext: CONTEXT }
    await expectRefusal(scene, 'ReEncrypt', input, 'InvalidCiphertextException', '')
  }
  const moved = await scene.kms.reEncrypt({ CiphertextBlob, DestinationKeyId, SourceEncryptionContext: CONTEXT })
  await expect(scene.kms.decrypt({ CiphertextBlob: moved.CiphertextBlob })).resolves.toMatchObject({
    Plaintext: SECRET,
  })
})

test('the named source must be the key that encrypted', async () => {
  const scene = await setScene()
  const message = 'The key ID in the request does not identify a CMK that can perform this operation.'
  const input = {
    CiphertextBlob: scene.blob,
    SourceEncryptionContext: CONTEXT,
    SourceKeyId: scene.destination.keyId,
    DestinationKeyId: scene.destination.keyId,
  }
  await expectRefusal(scene, 'ReEncrypt', input, 'IncorrectKeyException', message)
})

test('needs a ciphertext and a destination', async () => {
  const scene = await setScene()
  const destination = { DestinationKeyId: scene.destination.keyId }
  await expectRefusal(scene, 'ReEncrypt', destination, 'ValidationException', 'CiphertextBlob is required.')
  const message =
    "1 validation error detected: Value null at 'destinationKeyId' failed to satisfy constraint: Member must not be null"
  await expectRefusal(scene, 'ReEncrypt', { CiphertextBlob: scene.blob }, 'ValidationException', message)
})

test('says which of the two algorithms is wrong, source first', async () => {
  const scene = await setScene()
  const base = {
    CiphertextBlob: scene.blob,
    SourceKeyId: scene.source.keyId,
    DestinationKeyId: scene.destination.keyId,
    SourceEncryptionContext: CONTEXT,
  }
  const source = { SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_1' }
  const destination = { DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
  const sourceMessage = 'Algorithm RSAES_OAEP_SHA_1 is incompatible with key spec SYMMETRIC_DEFAULT.'
  const destinationMessage = 'Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT.'
  const both = { ...base, ...source, ...destination }
  await expectRefusal(scene, 'ReEncrypt', { ...base, ...source }, 'InvalidKeyUsageException', sourceMessage)
  await expectRefusal(scene, 'ReEncrypt', { ...base, ...destination }, 'InvalidKeyUsageException', destinationMessage)
  await expectRefusal(scene, 'ReEncrypt', both, 'InvalidKeyUsageException', sourceMessage)
})

test('the destination refuses before the source is opened', async () => {
  const scene = await setScene()
  const { kms, destination } = scene
  // The context is wrong as well, which only the opening would find out.
  const request = { CiphertextBlob: scene.blob, DestinationKeyId: destination.keyId }
  await kms.disableKey({ KeyId: destination.keyId })
  await expectRefusal(scene, 'ReEncrypt', request, 'DisabledException', `${destination.arn} is disabled.`)
  const unknown = { ...request, DestinationKeyId: '01234567-89ab-cdef-0123-456789abcdef' }
  const refusal = await refusalOf(kms.reEncrypt(unknown))
  expect(refusal.code).toBe('NotFoundException')
})

test('both keys refuse in their own name, source first', async () => {
  const scene = await setScene()
  const { kms, source, destination } = scene
  await kms.scheduleKeyDeletion({ KeyId: source.keyId })
  await kms.disableKey({ KeyId: destination.keyId })
  const request = {
    CiphertextBlob: scene.blob,
    SourceEncryptionContext: CONTEXT,
    DestinationKeyId: destination.keyId,
  }
  const pending = `${source.arn} is pending deletion.`
  await expectRefusal(scene, 'ReEncrypt', request, 'KMSInvalidStateException', pending)
  await kms.cancelKeyDeletion({ KeyId: source.keyId })
  await kms.enableKey({ KeyId: source.keyId })
  await expectRefusal(scene, 'ReEncrypt', request, 'DisabledException', `${destination.arn} is disabled.`)
})

test('two accounts need two permissions', async () => {
  const scene = await setScene()
  const eve = scene.kms.as(OTHER_ACCOUNT)
  const own = await createKey(eve)
  const { CiphertextBlob: ownBlob } = await eve.encrypt({ KeyId: own.keyId, Plaintext: SECRET })
  const denied = (action: string, resource: string) =>
    `User: arn:aws:iam::${OTHER_ACCOUNT}:root is not authorized to perform: kms:${action} on ${resource} because the ` +
    'resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy ' +
    'explicitly denies access'
  const out = { CiphertextBlob: ownBlob, DestinationKeyId: scene.destination.arn }
  const outMessage = denied('ReEncryptTo', 'this resource')
  await expectRefusal({ ...scene, kms: eve }, 'ReEncrypt', out, 'AccessDeniedException', outMessage)
  const take = { CiphertextBlob: scene.blob, SourceEncryptionContext: CONTEXT, DestinationKeyId: own.keyId }
  const takeMessage = denied('ReEncryptFrom', 'the resource associated with this ciphertext')
  await expectRefusal({ ...scene, kms: eve }, 'ReEncrypt', take, 'AccessDeniedException', takeMessage)
  expect(own.arn).toBe(`arn:aws:kms:${REGION}:${OTHER_ACCOUNT}:key/${own.keyId}`)
})
