/**
 * Requests that no honest caller sends through the typed methods, and callers that change their mind halfway.
 *
 * Whatever comes, the answer is a `KmsError`, and what is stored never hangs on an object that a caller holds.
 */
import { OPERATIONS, operationShapes } from '@softkms/kms'
import * as fc from 'fast-check'
import { KmsError } from 'softkms'
import { expect, test } from 'vitest'
import {
  ACCOUNT,
  REGION,
  bytesOf,
  call,
  createKey,
  expectRefusal,
  readEverything,
  refusalOf,
  startKms,
} from '../support/kms-fixture.ts'
import { KEY_OPERATIONS, surround, titleOf } from '../support/key-operations.ts'
import { runs } from '../support/runs.ts'

type Operation = keyof typeof OPERATIONS

const OPERATION_NAMES = Object.keys(OPERATIONS) as Operation[]

const titled = KEY_OPERATIONS.map((operation) => ({ ...operation, title: titleOf(operation) }))

test.each(titled)('$title: a member that is null is a member that is absent', async ({ name, input }) => {
  const { kms } = await startKms()
  const { keyId } = await createKey(kms)
  const surroundings = await surround(kms, keyId)
  if (name === 'CancelKeyDeletion') await kms.scheduleKeyDeletion({ KeyId: keyId })
  const nulls = Object.fromEntries(Object.keys(operationShapes[name].input.members).map((member) => [member, null]))
  await expect(call(kms, name, { ...nulls, ...input(keyId, surroundings) })).resolves.toBeDefined()
})

test('CreateKey, ListKeys and ListAliases take nothing but nulls', async () => {
  const { kms } = await startKms()
  for (const name of ['CreateKey', 'ListKeys', 'ListAliases'] as const) {
    const nulls = Object.fromEntries(Object.keys(operationShapes[name].input.members).map((member) => [member, null]))
    await expect(call(kms, name, nulls)).resolves.toBeDefined()
    await expect(call(kms, name, null)).resolves.toBeDefined()
  }
})

test('what a request inherits is not part of it', async () => {
  const fixture = await startKms()
  const { keyId } = await createKey(fixture.kms)
  const inherited = Object.assign(Object.create(null) as object, { KeyId: keyId, DryRun: true, Recipient: {} })
  const request: unknown = Object.create(inherited)
  const message =
    "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null"
  await expectRefusal(fixture, 'DescribeKey', request, 'ValidationException', message)
  const own = Object.assign(Object.create(inherited) as object, { NumberOfBytes: 1 })
  await expect(call(fixture.kms, 'GenerateRandom', own)).resolves.toHaveProperty('Plaintext')
})

test('a getter is asked once', async () => {
  const { kms } = await startKms()
  const { keyId } = await createKey(kms)
  let asked = 0
  const request = {
    get KeyId() {
      asked += 1
      return asked === 1 ? keyId : 'something else'
    },
  }
  await expect(call(kms, 'DescribeKey', request)).resolves.toMatchObject({ KeyMetadata: { KeyId: keyId } })
  expect(asked).toBe(1)
})

test('a request is what it was when it was sent', async () => {
  const { kms, audit } = await startKms()
  const { keyId } = await createKey(kms)
  const plaintext = bytesOf('the plaintext')
  const context: Record<string, string> = { a: 'b' }
  const request = { KeyId: keyId, Plaintext: plaintext, EncryptionContext: context }
  const encrypting = kms.encrypt(request)
  plaintext.fill(0)
  context['a'] = 'changed'
  request.KeyId = 'changed'
  const { CiphertextBlob = new Uint8Array(0) } = await encrypting
  const decryption = { CiphertextBlob, EncryptionContext: { a: 'b' } }
  const decrypting = kms.decrypt(decryption)
  CiphertextBlob.fill(0)
  decryption.EncryptionContext.a = 'changed'
  await expect(decrypting).resolves.toMatchObject({ Plaintext: bytesOf('the plaintext') })
  expect(audit.entries.at(-1)?.request).toEqual({ EncryptionContext: { a: 'b' } })
})

test('a buffer that is handed on to a worker meanwhile was sealed in time', async () => {
  const { kms } = await startKms()
  const { keyId: KeyId } = await createKey(kms)
  const Plaintext = bytesOf('handed on')
  const encrypting = kms.encrypt({ KeyId, Plaintext })
  structuredClone(Plaintext, { transfer: [Plaintext.buffer] })
  expect(Plaintext).toHaveLength(0)
  const { CiphertextBlob } = await encrypting
  await expect(kms.decrypt({ CiphertextBlob })).resolves.toMatchObject({ Plaintext: bytesOf('handed on') })
})

test('a buffer that was handed on before is no bytes at all', async () => {
  const fixture = await startKms()
  const { keyId } = await createKey(fixture.kms)
  const Plaintext = bytesOf('gone')
  structuredClone(Plaintext.buffer, { transfer: [Plaintext.buffer] })
  const message =
    "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: " +
    'Member must have length greater than or equal to 1'
  await expectRefusal(fixture, 'Encrypt', { KeyId: keyId, Plaintext }, 'ValidationException', message)
})

test('a view on a larger buffer is no more than the view, and a Buffer is bytes', async () => {
  const { kms } = await startKms()
  const { keyId: KeyId } = await createKey(kms)
  const whole = Buffer.from('before|inside|after')
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: whole.subarray(7, 13) })
  await expect(kms.decrypt({ CiphertextBlob: Buffer.from(CiphertextBlob ?? []) })).resolves.toMatchObject({
    Plaintext: bytesOf('inside'),
  })
})

test('what a caller was given and what it gave are its own', async () => {
  const { kms, store } = await startKms()
  const Tags = [{ TagKey: 'a', TagValue: 'b' }]
  const created = await kms.createKey({ Tags })
  const KeyId = created.KeyMetadata?.KeyId
  await kms.createAlias({ AliasName: 'alias/a', TargetKeyId: KeyId })
  await kms.enableKeyRotation({ KeyId })
  await kms.rotateKeyOnDemand({ KeyId })
  const answers = await Promise.all([
    kms.createKey({ Tags }),
    kms.describeKey({ KeyId }),
    kms.listKeys(),
    kms.listAliases(),
    kms.listResourceTags({ KeyId }),
    kms.getKeyPolicy({ KeyId }),
    kms.getKeyRotationStatus({ KeyId }),
    kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
    kms.listKeyPolicies({ KeyId }),
  ])
  const again = structuredClone(answers)
  const before = await readEverything(store)
  for (const answer of [...answers, Tags]) ruin(answer)
  expect(await readEverything(store)).toEqual(before)
  await expect(kms.listResourceTags({ KeyId })).resolves.toEqual(again[4])
  await expect(kms.describeKey({ KeyId })).resolves.toEqual(again[1])
})

/** Changes everything that can be changed in an answer. */
function ruin(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (value instanceof Date) value.setTime(0)
  else if (value instanceof Uint8Array) value.fill(0)
  else {
    for (const member of Object.values(value) as unknown[]) ruin(member)
    for (const name of Object.keys(value)) Object.assign(value, { [name]: 'ruined' })
    if (Array.isArray(value)) value.length = 0
  }
}

test.each([
  ['a string', 'x'],
  ['a number', 1],
  ['false', false],
  ['a list', []],
  ['a function', () => ({})],
  ['a symbol', Symbol('x')],
  ['a bigint', 1n],
  ['bytes', new Uint8Array(3)],
  ['a map', new Map()],
  ['an instance', new URL('https://localhost/')],
])('%s is no request', async (_name, input) => {
  const fixture = await startKms()
  for (const name of OPERATION_NAMES) {
    const message = 'The request can not be converted to a Structure'
    await expectRefusal(fixture, name, input, 'SerializationException', message)
  }
})

/** Values that are wrong in most places and dangerous in some. */
const arbitraryJunk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, undefined, Number.NaN, -0, 1.5, 2 ** 53, Number.POSITIVE_INFINITY, '', '\ud800', '__proto__', 'alias/'],
    ...[{}, [], [null], [undefined], new Date(Number.NaN), new Uint8Array(0), new Uint8Array(5000), 10n, Symbol('s')],
    ...[
      true,
      'default',
      'SYMMETRIC_DEFAULT',
      `arn:aws:kms:${REGION}:${ACCOUNT}:key/`,
      Array.from({ length: 3 }),
      () => 1,
    ],
    JSON.parse('{"__proto__":"x"}'),
    { toString: null },
    Object.create(null),
  ),
  fc.anything({
    withNullPrototype: true,
    withBigInt: true,
    withTypedArray: true,
    withDate: true,
    withSparseArray: true,
  }),
)

const timeout = runs(30_000, 300_000)

test.each(OPERATION_NAMES)(
  '%s: whatever the members hold, nothing but a KmsError comes out',
  { timeout },
  async (name) => {
    const { kms, store } = await startKms()
    const { keyId } = await createKey(kms)
    const members = Object.keys(operationShapes[name].input.members)
    const request = fc.record(
      Object.fromEntries(
        members.map((member) => [member, fc.oneof(arbitraryJunk, fc.constantFrom(keyId, 'alias/a', 1))]),
      ),
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(request, async (input) => {
        const before = await readEverything(store)
        const error: unknown = await call(kms, name, input).then(
          () => undefined,
          (reason: unknown) => reason,
        )
        if (error === undefined) return
        expect(error).toBeInstanceOf(KmsError)
        expect(error).not.toHaveProperty('code', 'KMSInternalException')
        expect(await readEverything(store)).toEqual(before)
      }),
      { numRuns: runs(60, 2000) },
    )
  },
)

test('lists far beyond any limit are refused, and quickly', async () => {
  const fixture = await startKms()
  const { keyId: KeyId } = await createKey(fixture.kms)
  const Tags = Array.from({ length: 100_000 }, (_, i) => ({ TagKey: `k${i}`, TagValue: '' }))
  await expectRefusal(fixture, 'TagResource', { KeyId, Tags }, 'TagException', 'Too many tags')
  const refusal = await refusalOf(
    fixture.kms.encrypt({ KeyId, Plaintext: bytesOf('x'), GrantTokens: Array.from({ length: 100_000 }, () => 'x') }),
  )
  expect(refusal.code).toBe('ValidationException')
  expect(refusal.message.length).toBeLessThan(10_000)
})
