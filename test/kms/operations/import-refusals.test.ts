/**
 * ImportKeyMaterial refuses tokens and ciphertexts, each with an error of its own that changes nothing.
 *
 * @covers KMS operations, ImportKeyMaterial; crypto-details §8; wire §4
 */
import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { eachLengthChanged, flipBit } from '../../support/bits.ts'
import {
  NEVER,
  WRAPPING_ALGORITHMS,
  type Wrapping,
  createExternalKey,
  makeMaterial,
  randomOf,
  requestWrapping,
  wrapUnder,
} from '../../support/import-material.ts'
import { type KmsFixture, OTHER_ACCOUNT, OTHER_REGION, REGION, days, expectRefusal } from '../../support/kms-fixture.ts'
import { startNativeKms } from '../../support/kms-keys.ts'
import { runs } from '../../support/runs.ts'

let fixture: KmsFixture

beforeAll(async () => {
  fixture = await startNativeKms()
})

type Request = ReturnType<Wrapping['wrap']>

interface Scene {
  readonly KeyId: string
  readonly arn: string
  readonly wrapping: Wrapping
  readonly good: Request
}

async function setScene(material = randomOf(32)): Promise<Scene> {
  const { KeyId, arn } = await createExternalKey(fixture.kms)
  const wrapping = await requestWrapping(fixture.kms, KeyId)
  return { KeyId, arn, wrapping, good: wrapping.wrap(material) }
}

const expectImportRefused = async (input: object, code: Parameters<typeof expectRefusal>[3], message: string) =>
  expectRefusal(fixture, 'ImportKeyMaterial', { ...NEVER, ...input }, code, message)
const expectTokenRefused = async (good: Request, ImportToken: Uint8Array, message: string) =>
  expectImportRefused({ ...good, ImportToken }, 'InvalidImportTokenException', message)
const expectCiphertextRefused = async (good: Request, EncryptedKeyMaterial: Uint8Array) =>
  expectImportRefused({ ...good, EncryptedKeyMaterial }, 'InvalidCiphertextException', '')

describe('the token', () => {
  test('of another key, another Region or another account is not for this key', async () => {
    const { kms } = fixture
    const { arn, good } = await setScene()
    const message = `The import token was not issued for ${arn}.`
    for (const other of [kms, kms.inRegion(OTHER_REGION), kms.as(OTHER_ACCOUNT)]) {
      const { KeyId } = await createExternalKey(other)
      const { ImportToken } = await requestWrapping(other, KeyId)
      await expectTokenRefused(good, ImportToken, message)
    }
  })

  test('of a multi-Region key is for the Region that it was issued in', async () => {
    const { kms } = fixture
    const { KeyMetadata } = await kms.createKey({ Origin: 'EXTERNAL', MultiRegion: true })
    const KeyId = KeyMetadata?.KeyId ?? ''
    const wrapping = await requestWrapping(kms, KeyId)
    await kms.importKeyMaterial({ ...wrapping.wrap(randomOf(32)), ...NEVER })
    await kms.replicateKey({ KeyId, ReplicaRegion: OTHER_REGION })
    const message = `The import token was not issued for ${KeyMetadata?.Arn?.replace(REGION, OTHER_REGION)}.`
    const there = { kms: kms.inRegion(OTHER_REGION), store: fixture.store }
    await there.kms.describeKey({ KeyId })
    const input = { ...wrapping.wrap(randomOf(32)), ...NEVER }
    await expectRefusal(there, 'ImportKeyMaterial', input, 'InvalidImportTokenException', message)
  })

  test('with any bit flipped, a byte more or less is none', async () => {
    const { good } = await setScene()
    const token = good.ImportToken
    // Format, domain key, spec, usage, origin, flags, material, nonces, key id, wrapped key, tag: all of them.
    const step = runs(61, 1)
    for (let bit = 0; bit < token.length * 8; bit += step) {
      await expectTokenRefused(good, flipBit(token, bit), 'The import token is not valid.')
    }
    const changed = eachLengthChanged(token).filter((bytes, i) => bytes.length > 0 && i % runs(211, 7) === 0)
    expect(changed.length).toBeGreaterThan(20)
    for (const bytes of changed) await expectTokenRefused(good, bytes, 'The import token is not valid.')
  })

  test('is none when it is a ciphertext, random bytes, or a token of another KMS', async () => {
    const { kms } = fixture
    const { good } = await setScene()
    const elsewhere = await startNativeKms()
    const { KeyId: foreign } = await createExternalKey(elsewhere.kms)
    const { ImportToken } = await requestWrapping(elsewhere.kms, foreign)
    const { KeyMetadata } = await kms.createKey()
    const { CiphertextBlob } = await kms.encrypt({ KeyId: KeyMetadata?.KeyId, Plaintext: randomOf(32) })
    for (const bytes of [ImportToken, CiphertextBlob ?? expect.fail(), randomOf(1), randomOf(6144)]) {
      await expectTokenRefused(good, bytes, 'The import token is not valid.')
    }
  })

  test('is none when it is the wrapped material of a key, whatever its kind', async () => {
    const { kms, store } = fixture
    const { arn, good } = await setScene()
    for (const [KeySpec, KeyUsage] of [
      ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT'],
      ['RSA_2048', 'ENCRYPT_DECRYPT'],
    ] as const) {
      const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage })
      const key = await store.getKey(kms.defaults, (KeyMetadata?.KeyId ?? '') as never)
      const material = await store.getMaterial(kms.defaults.region, key?.life.versions[0]?.materialId ?? '')
      await expectTokenRefused(good, material?.token ?? expect.fail(), `The import token was not issued for ${arn}.`)
    }
  })

  test('is good for 24 hours, to the millisecond, and as often as one likes', async () => {
    const at = await startNativeKms()
    const { KeyId } = await createExternalKey(at.kms)
    const wrapping = await requestWrapping(at.kms, KeyId)
    expect(wrapping.validTo).toEqual(new Date(at.clock.now() + days(1)))
    const input = { ...wrapping.wrap(randomOf(32)), ...NEVER }
    at.clock.advance(days(1) - 1)
    await at.kms.importKeyMaterial(input)
    await at.kms.importKeyMaterial(input)
    at.clock.advance(1)
    const message = 'The import token has expired.'
    await expectRefusal(at, 'ImportKeyMaterial', input, 'ExpiredImportTokenException', message)
    at.clock.advanceDays(1000)
    await expectRefusal(at, 'ImportKeyMaterial', input, 'ExpiredImportTokenException', message)
    // A fresh one is fine, for the same material.
    await at.kms.importKeyMaterial({ ...(await requestWrapping(at.kms, KeyId)).wrap(randomOf(32)), ...NEVER }).then(
      () => expect.fail('other material was taken'),
      (error: unknown) => expect(error).toMatchObject({ code: 'IncorrectKeyMaterialException' }),
    )
  })
})

describe('the ciphertext', () => {
  test('must be wrapped under the public key that came with the token', async () => {
    const { KeyId, wrapping, good } = await setScene()
    const other = await requestWrapping(fixture.kms, KeyId)
    await expectCiphertextRefused(good, other.wrap(randomOf(32)).EncryptedKeyMaterial)
    await expectImportRefused({ ...good, ImportToken: other.ImportToken }, 'InvalidCiphertextException', '')
    const longer = await requestWrapping(fixture.kms, KeyId, 'RSAES_OAEP_SHA_256', 'RSA_3072')
    await expectCiphertextRefused(good, longer.wrap(randomOf(32)).EncryptedKeyMaterial)
    await fixture.kms.importKeyMaterial({ ...wrapping.wrap(randomOf(32)), ...NEVER })
  })

  test('must be wrapped by the algorithm that was asked for', async () => {
    const { KeyId } = await createExternalKey(fixture.kms, 'ECC_NIST_P256', 'SIGN_VERIFY')
    const { bytes } = makeMaterial('ECC_NIST_P256')
    for (const asked of WRAPPING_ALGORITHMS) {
      const wrapping = await requestWrapping(fixture.kms, KeyId, asked)
      for (const used of WRAPPING_ALGORITHMS.filter((algorithm) => algorithm !== asked)) {
        await expectCiphertextRefused(wrapping.wrap(bytes), wrapUnder(used, wrapping.PublicKey, bytes))
      }
    }
  })

  test.each(['RSAES_OAEP_SHA_256', 'RSA_AES_KEY_WRAP_SHA_256'] as const)('%s: damaged anywhere', async (algorithm) => {
    const { kms } = fixture
    const { KeyId } = await createExternalKey(kms, 'ECC_NIST_P256', 'SIGN_VERIFY')
    const wrapping = await requestWrapping(kms, KeyId, algorithm)
    const good = wrapping.wrap(makeMaterial('ECC_NIST_P256').bytes)
    const wrapped = good.EncryptedKeyMaterial
    for (let bit = 0; bit < wrapped.length * 8; bit += runs(97, 3))
      await expectCiphertextRefused(good, flipBit(wrapped, bit))
    for (const length of [1, 8, 255, 256, 257, 264, 272, wrapped.length - 8, wrapped.length - 1]) {
      if (length < wrapped.length) await expectCiphertextRefused(good, wrapped.slice(0, length))
    }
    for (const more of [1, 8, 16]) await expectCiphertextRefused(good, Uint8Array.of(...wrapped, ...randomBytes(more)))
    await expectCiphertextRefused(good, new Uint8Array(wrapped.length))
    await expectCiphertextRefused(good, new Uint8Array(wrapped.length).fill(0xff))
    await expectCiphertextRefused(good, randomOf(6144))
  })

  test.each([16, 24])('RSA_AES_KEY_WRAP with an AES key of %s bytes', async (length) => {
    const { KeyId } = await createExternalKey(fixture.kms, 'ECC_NIST_P256', 'SIGN_VERIFY')
    const wrapping = await requestWrapping(fixture.kms, KeyId, 'RSA_AES_KEY_WRAP_SHA_256')
    const good = wrapping.wrap(makeMaterial('ECC_NIST_P256').bytes)
    const short = wrapUnder('RSAES_OAEP_SHA_256', wrapping.PublicKey, randomOf(length))
    await expectCiphertextRefused(good, Uint8Array.of(...short, ...good.EncryptedKeyMaterial.slice(256)))
  })
})
