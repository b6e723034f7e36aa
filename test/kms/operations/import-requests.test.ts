/**
 * ImportKeyMaterial: when material expires, which members go together, and which keys import nothing.
 *
 * @covers KMS operations, ImportKeyMaterial; key-states notes 8 and 9; wire §4
 */
import { beforeAll, describe, test, expect } from 'vitest'
import { type Wrapping, NEVER, createExternalKey, randomOf, requestWrapping } from '../../support/import-material.ts'
import { type KmsFixture, days, expectRefusal, startKms } from '../../support/kms-fixture.ts'
import { startNativeKms } from '../../support/kms-keys.ts'

let fixture: KmsFixture

beforeAll(async () => {
  fixture = await startNativeKms()
})

interface Scene {
  readonly KeyId: string
  readonly arn: string
  readonly good: ReturnType<Wrapping['wrap']>
}

async function setScene(): Promise<Scene> {
  const { KeyId, arn } = await createExternalKey(fixture.kms)
  const { wrap } = await requestWrapping(fixture.kms, KeyId)
  return { KeyId, arn, good: wrap(randomOf(32)) }
}

const expectImportRefused = async (input: object, code: Parameters<typeof expectRefusal>[3], message: string) =>
  expectRefusal(fixture, 'ImportKeyMaterial', { ...NEVER, ...input }, code, message)

describe('the expiration', () => {
  const UNSET = 'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES'
  const SET = 'A validTo date must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE'
  const PAST = 'The validTo date must be in the future'
  const FAR = 'The validTo date must be at most 365 days in the future'

  test.each([
    ['neither model nor date', undefined, undefined, UNSET],
    ['a model that expires, without a date', 'KEY_MATERIAL_EXPIRES', undefined, UNSET],
    ['a model that does not, with a date', 'KEY_MATERIAL_DOES_NOT_EXPIRE', 1000, SET],
    ['a date in the past', 'KEY_MATERIAL_EXPIRES', -1, PAST],
    ['a date that is now', undefined, 0, PAST],
    ['a date long ago', undefined, -days(20_000), PAST],
    ['a date a millisecond over a year away', undefined, days(365) + 1, FAR],
    ['a date at the end of time', 'KEY_MATERIAL_EXPIRES', days(365_000), FAR],
  ] as const)('%s', async (_, ExpirationModel, inMs, message) => {
    const at = await startKms()
    const { KeyId } = await createExternalKey(at.kms)
    const input = {
      KeyId,
      ImportToken: randomOf(10),
      EncryptedKeyMaterial: randomOf(10),
      ...(ExpirationModel === undefined ? {} : { ExpirationModel }),
      ...(inMs === undefined ? {} : { ValidTo: new Date(at.clock.now() + inMs) }),
    }
    await expectRefusal(at, 'ImportKeyMaterial', input, 'ValidationException', message)
  })

  test.each([1, days(365)])('a date %s ms away is taken, with the model or without', async (inMs) => {
    const { kms, clock } = fixture
    for (const model of [{}, { ExpirationModel: 'KEY_MATERIAL_EXPIRES' }] as const) {
      const { KeyId, good } = await setScene()
      const ValidTo = new Date(clock.now() + inMs)
      await kms.importKeyMaterial({ ...good, ...model, ValidTo })
      const { KeyMetadata } = await kms.describeKey({ KeyId })
      expect(KeyMetadata).toMatchObject({ KeyState: 'Enabled', ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo })
    }
  })
})

describe('members that do not go together', () => {
  const id = 'a'.repeat(64)

  test('a material id with new material', async () => {
    const { good } = await setScene()
    const input = { ...good, ImportType: 'NEW_KEY_MATERIAL', KeyMaterialId: id }
    const message = 'KeyMaterialId cannot be specified for ImportType NEW_KEY_MATERIAL.'
    await expectImportRefused(input, 'ValidationException', message)
  })

  test('a key that never had material has none that could come back', async () => {
    const { arn, good } = await setScene()
    const message = `The key material in the request is not the key material that was imported into ${arn}.`
    for (const input of [{ KeyMaterialId: id }, { ImportType: 'EXISTING_KEY_MATERIAL' }]) {
      await expectImportRefused({ ...good, ...input }, 'IncorrectKeyMaterialException', message)
    }
  })

  test.each(['HMAC_256', 'ECC_NIST_P256', 'RSA_2048'] as const)(
    '%s has one material, which has no name',
    async (spec) => {
      const usage = spec === 'HMAC_256' ? 'GENERATE_VERIFY_MAC' : 'SIGN_VERIFY'
      const { KeyId, arn } = await createExternalKey(fixture.kms, spec, usage)
      const request = { KeyId, ImportToken: randomOf(10), EncryptedKeyMaterial: randomOf(10) }
      for (const [member, value] of [
        ['ImportType', 'NEW_KEY_MATERIAL'],
        ['ImportType', 'EXISTING_KEY_MATERIAL'],
        ['KeyMaterialDescription', 'described'],
        ['KeyMaterialId', id],
      ] as const) {
        const message = `${arn} key spec is ${spec} which is not valid for ${member}.`
        await expectImportRefused({ ...request, [member]: value }, 'UnsupportedOperationException', message)
      }
    },
  )

  test.each([
    ['KeyMaterialDescription', '', 'Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_\\s.-]+$'],
    ['KeyMaterialDescription', 'no ünicode', 'Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_\\s.-]+$'],
    ['KeyMaterialDescription', 'x'.repeat(257), 'Member must have length less than or equal to 256'],
    ['KeyMaterialId', 'A'.repeat(64), 'Member must satisfy regular expression pattern: ^[a-f0-9]+$'],
    ['KeyMaterialId', 'a'.repeat(63), 'Member must have length greater than or equal to 64'],
  ])('%s of %s', async (member, value, rule) => {
    const { good } = await setScene()
    const name = `${member.charAt(0).toLowerCase()}${member.slice(1)}`
    const message = `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: ${rule}`
    await expectImportRefused({ ...good, [member]: value }, 'ValidationException', message)
  })
})

describe('keys that import nothing', () => {
  test('are those that KMS made the material of', async () => {
    const { KeyMetadata } = await fixture.kms.createKey()
    const { KeyId, Arn } = { KeyId: KeyMetadata?.KeyId ?? '', Arn: KeyMetadata?.Arn ?? '' }
    const message = `${Arn} origin is AWS_KMS which is not valid for this operation.`
    const request = { KeyId, ImportToken: randomOf(10), EncryptedKeyMaterial: randomOf(10) }
    await expectImportRefused(request, 'UnsupportedOperationException', message)
    const parameters = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }
    await expectRefusal(fixture, 'GetParametersForImport', parameters, 'UnsupportedOperationException', message)
    await expectRefusal(fixture, 'DeleteImportedKeyMaterial', { KeyId }, 'UnsupportedOperationException', message)
    await fixture.kms.scheduleKeyDeletion({ KeyId })
    await expectImportRefused(request, 'UnsupportedOperationException', message)
  })

  test('and those that are about to go', async () => {
    const { KeyId, arn, good } = await setScene()
    await fixture.kms.scheduleKeyDeletion({ KeyId })
    const message = `${arn} is pending deletion.`
    await expectImportRefused(good, 'KMSInvalidStateException', message)
    const parameters = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }
    await expectRefusal(fixture, 'GetParametersForImport', parameters, 'KMSInvalidStateException', message)
  })
})
