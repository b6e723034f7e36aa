/**
 * The order of the checks: a request with every fault at once is refused for the first, and for the next once that one
 * is mended.
 *
 * @covers KMS key-states, "Order of checks"
 */
import { OPERATIONS, operationShapes } from '@softkms/kms'
import { beginLife } from '@softkms/lifecycle'
import { expect, test } from 'vitest'
import { ACCOUNT, OTHER_ACCOUNT, REGION, bytesOf, createKey, refusalOf, startKms } from '../support/kms-fixture.ts'
import { createKeyRecord, materialIdOf } from '../support/records.ts'

const CALLER = { account: ACCOUNT, region: REGION }

test("every operation of AWS's model is there, and no other", () => {
  expect(Object.keys(OPERATIONS)).toEqual(Object.keys(operationShapes).toSorted())
})

test.each(['encrypt', 'Encrypt ', '', '__proto__', 'constructor', 'toString', 'TrentService.Encrypt'])(
  'an operation that is not there is unknown: %s',
  async (name) => {
    const { kms, audit } = await startKms({ requestRates: 'aws' })
    for (const input of [{}, { KeyId: 'x' }, 7]) {
      const error: unknown = await kms.execute(name, input, CALLER).catch((refusal: unknown) => refusal)
      expect(error).toMatchObject({ code: 'UnknownOperationException', message: '', statusCode: 400 })
    }
    expect(audit.entries).toEqual([])
  },
)

test('Encrypt: type, model, grant token, key, permission, state, usage, algorithm, dry run', async () => {
  const { kms, store } = await startKms()
  const eve = kms.as(OTHER_ACCOUNT)
  const good = await createKey(kms)
  const disabled = await createKey(kms)
  await kms.disableKey({ KeyId: disabled.keyId })
  // A key for something else: there is no way to make one yet, but a store may hold one.
  const usage = { keyUsage: 'SIGN_VERIFY' as 'ENCRYPT_DECRYPT' }
  const signing = createKeyRecord(1, usage)
  const disabledSigning = createKeyRecord(2, {
    ...usage,
    life: { ...beginLife(materialIdOf(2)), state: { name: 'Disabled' } },
  })
  await store.commit([signing, disabledSigning].map((key) => ({ type: 'PutKey', key })))
  const arnOf = (id: string): string => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`

  const faulty = { EncryptionAlgorithm: 'RSAES_OAEP_SHA_1', DryRun: true, GrantTokens: ['no good'] } as const
  const unknown = arnOf('01234567-89ab-cdef-0123-456789abcdef')
  const answers = [
    await refusalOf(eve.encrypt({ ...faulty, KeyId: 'x', Plaintext: '' as never, EncryptionContext: 1 as never })),
    await refusalOf(eve.encrypt({ ...faulty, KeyId: 'x', Plaintext: bytesOf('') })),
    await refusalOf(eve.encrypt({ ...faulty, KeyId: 'x', Plaintext: bytesOf('x') })),
    await refusalOf(kms.encrypt({ ...faulty, GrantTokens: [], KeyId: unknown, Plaintext: bytesOf('x') })),
    await refusalOf(eve.encrypt({ ...faulty, GrantTokens: [], KeyId: disabled.arn, Plaintext: bytesOf('x') })),
    await refusalOf(kms.encrypt({ ...faulty, GrantTokens: [], KeyId: disabledSigning.keyId, Plaintext: bytesOf('x') })),
    await refusalOf(kms.encrypt({ ...faulty, GrantTokens: [], KeyId: signing.keyId, Plaintext: bytesOf('x') })),
    await refusalOf(kms.encrypt({ ...faulty, GrantTokens: [], KeyId: good.keyId, Plaintext: bytesOf('x') })),
    await refusalOf(kms.encrypt({ DryRun: true, KeyId: good.keyId, Plaintext: bytesOf('x') })),
  ]
  expect(answers.map(({ code }) => code)).toEqual([
    'SerializationException',
    'ValidationException',
    'InvalidGrantTokenException',
    'NotFoundException',
    'AccessDeniedException',
    'DisabledException',
    'InvalidKeyUsageException',
    'InvalidKeyUsageException',
    'DryRunOperationException',
  ])
  expect(answers[6]?.message).toBe(`${arnOf(signing.keyId)} key usage is SIGN_VERIFY which is not valid for Encrypt.`)
  expect(answers[7]?.message).toBe('Algorithm RSAES_OAEP_SHA_1 is incompatible with key spec SYMMETRIC_DEFAULT.')
  await expect(kms.encrypt({ KeyId: good.keyId, Plaintext: bytesOf('x') })).resolves.toBeDefined()
})

test('Decrypt: model, named key, permission, ciphertext, right key, state, context, dry run', async () => {
  const { kms } = await startKms()
  const eve = kms.as(OTHER_ACCOUNT)
  const key = await createKey(kms)
  const other = await createKey(kms)
  const EncryptionContext = { a: 'b' }
  const { CiphertextBlob } = await kms.encrypt({ KeyId: key.keyId, Plaintext: bytesOf('x'), EncryptionContext })
  await kms.disableKey({ KeyId: key.keyId })
  const wrong = { EncryptionContext: { c: 'd' }, DryRun: true }
  const codeOf = async (attempt: Promise<unknown>): Promise<string> => (await refusalOf(attempt)).code
  const codes = [
    await codeOf(eve.decrypt({ ...wrong, KeyId: 'x' })),
    await codeOf(eve.decrypt({ ...wrong, KeyId: 'x', CiphertextBlob: bytesOf('x') })),
    await codeOf(eve.decrypt({ ...wrong, KeyId: key.arn, CiphertextBlob: bytesOf('x') })),
    await codeOf(kms.decrypt({ ...wrong, KeyId: other.keyId, CiphertextBlob: bytesOf('x') })),
    await codeOf(kms.decrypt({ ...wrong, KeyId: other.keyId, CiphertextBlob })),
    await codeOf(eve.decrypt({ ...wrong, CiphertextBlob })),
    await codeOf(kms.decrypt({ ...wrong, CiphertextBlob })),
  ]
  await kms.enableKey({ KeyId: key.keyId })
  codes.push(
    await codeOf(kms.decrypt({ ...wrong, CiphertextBlob })),
    await codeOf(kms.decrypt({ EncryptionContext, DryRun: true, CiphertextBlob })),
  )
  expect(codes).toEqual([
    'ValidationException',
    'NotFoundException',
    'AccessDeniedException',
    'InvalidCiphertextException',
    'IncorrectKeyException',
    'AccessDeniedException',
    'DisabledException',
    'InvalidCiphertextException',
    'DryRunOperationException',
  ])
})

test('CreateAlias: model, name, target, permission, state, what is there already', async () => {
  const { kms } = await startKms()
  const eve = kms.as(OTHER_ACCOUNT)
  const key = await createKey(kms)
  await kms.createAlias({ AliasName: 'alias/taken', TargetKeyId: key.keyId })
  await kms.scheduleKeyDeletion({ KeyId: key.keyId })
  const codeOf = async (attempt: Promise<unknown>): Promise<string> => (await refusalOf(attempt)).code
  const codes = [
    await codeOf(eve.createAlias({ AliasName: 'a b', TargetKeyId: 'alias/x' })),
    await codeOf(eve.createAlias({ AliasName: 'alias/aws/x', TargetKeyId: 'alias/x' })),
    await codeOf(eve.createAlias({ AliasName: 'alias/taken', TargetKeyId: 'alias/x' })),
    await codeOf(eve.createAlias({ AliasName: 'alias/taken', TargetKeyId: 'x' })),
    await codeOf(eve.createAlias({ AliasName: 'alias/taken', TargetKeyId: key.arn })),
    await codeOf(kms.createAlias({ AliasName: 'alias/taken', TargetKeyId: key.arn })),
  ]
  await kms.cancelKeyDeletion({ KeyId: key.keyId })
  codes.push(await codeOf(kms.createAlias({ AliasName: 'alias/taken', TargetKeyId: key.arn })))
  expect(codes).toEqual([
    'ValidationException',
    'NotAuthorizedException',
    'ValidationException',
    'NotFoundException',
    'AccessDeniedException',
    'KMSInvalidStateException',
    'AlreadyExistsException',
  ])
})

test('several members that break the model are reported together', async () => {
  const { kms } = await startKms()
  const refusal = await refusalOf(kms.scheduleKeyDeletion({ KeyId: '', PendingWindowInDays: 400 }))
  expect(refusal).toEqual({
    code: 'ValidationException',
    message:
      "2 validation errors detected: Value '' at 'keyId' failed to satisfy constraint: Member must have length " +
      "greater than or equal to 1; Value '400' at 'pendingWindowInDays' failed to satisfy constraint: Member must " +
      'have value less than or equal to 365',
  })
})
