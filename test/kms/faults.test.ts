/** What leaves the engine when something beneath it breaks: AWS's server faults, which tell nothing and keep their cause. */
import { type Hsm, createHsm } from '@softkms/hsm'
import { testingOnlyFaultyProvider } from '@softkms/hsm/testing'
import { type KeyRecord, OPERATIONS, type Store, StoreError, createMemoryStore, operationErrors } from '@softkms/kms'
import { HsmError, KmsError, createKms } from 'softkms'
import { expect, test } from 'vitest'
import { ACCOUNT, REGION, bytesOf, call, createKey, startKms } from '../support/kms-fixture.ts'
import { KEY_OPERATIONS, surround, titleOf } from '../support/key-operations.ts'

const STATUS = { DependencyTimeoutException: 503, KMSInternalException: 500, KeyUnavailableException: 500 } as const

async function expectFault(
  attempt: Promise<unknown>,
  code: keyof typeof STATUS = 'KMSInternalException',
): Promise<KmsError> {
  const error: unknown = await attempt.catch((fault: unknown) => fault)
  if (!(error instanceof KmsError)) throw new Error(`not a KmsError: ${String(error)}`)
  expect(error).toMatchObject({ code, message: '', statusCode: STATUS[code] })
  return error
}

/** A memory store that breaks when it is told to. */
function createBreakableStore(error = new Error('the disk is full')): { readonly store: Store; break(): void } {
  const memory = createMemoryStore()
  let isBroken = false
  const working = (): Store => {
    if (isBroken) throw error
    return memory
  }
  return {
    break() {
      isBroken = true
    },
    store: {
      getKey: async (...request) => working().getKey(...request),
      listKeys: async (...request) => working().listKeys(...request),
      countKeys: async (...request) => working().countKeys(...request),
      getMaterial: async (...request) => working().getMaterial(...request),
      listMaterials: async (...request) => working().listMaterials(...request),
      countMaterials: async () => working().countMaterials(),
      getAlias: async (...request) => working().getAlias(...request),
      listAliases: async (...request) => working().listAliases(...request),
      countAliases: async (...request) => working().countAliases(...request),
      getGrant: async (...request) => working().getGrant(...request),
      listGrants: async (...request) => working().listGrants(...request),
      countGrants: async (...request) => working().countGrants(...request),
      listRetirableGrants: async (...request) => working().listRetirableGrants(...request),
      getLastUse: async (...request) => working().getLastUse(...request),
      getKeyring: async (...request) => working().getKeyring(...request),
      nextDueKey: async (...request) => working().nextDueKey(...request),
      commit: async (...request) => working().commit(...request),
    },
  }
}

const titled = KEY_OPERATIONS.map((operation) => ({ ...operation, title: titleOf(operation) }))

test.each(titled)('$title: a store that breaks is an internal error', async ({ name, input }) => {
  const breakable = createBreakableStore()
  const { kms, audit } = await startKms({ store: breakable.store })
  const { keyId } = await createKey(kms)
  const surroundings = await surround(kms, keyId)
  breakable.break()
  const fault = await expectFault(call(kms, name, input(keyId, surroundings)))
  expect(fault.cause).toMatchObject({ message: 'the disk is full' })
  expect(audit.entries.at(-1)).toMatchObject({ operation: name, errorCode: 'KMSInternalException' })
})

test.each(titled)('$title: a store that does not answer in time', async ({ name, input }) => {
  const breakable = createBreakableStore(new StoreError('TIMED_OUT', 'the database is slow'))
  const { kms, audit } = await startKms({ store: breakable.store })
  const { keyId } = await createKey(kms)
  const surroundings = await surround(kms, keyId)
  breakable.break()
  const listed: readonly string[] = operationErrors[name]
  const code = listed.includes('DependencyTimeoutException') ? 'DependencyTimeoutException' : 'KMSInternalException'
  const fault = await expectFault(call(kms, name, input(keyId, surroundings)), code)
  expect(fault.cause).toBeInstanceOf(StoreError)
  expect(audit.entries.at(-1)).toMatchObject({ operation: name, errorCode: code })
})

test('most operations may tell of a store that does not answer in time, and some may not', () => {
  const telling = titled.filter(({ name }) =>
    (operationErrors[name] as readonly string[]).includes('DependencyTimeoutException'),
  )
  expect(telling.length).toBeGreaterThan(10)
  expect(telling.length).toBeLessThan(titled.length)
})

test.each([
  ['SELF_TESTING', 'KeyUnavailableException'],
  ['SELF_TEST_FAILED', 'KeyUnavailableException'],
  ['UNAVAILABLE', 'KeyUnavailableException'],
  ['ZEROIZED', 'KeyUnavailableException'],
  ['TIMED_OUT', 'DependencyTimeoutException'],
  ['INVALID_TOKEN', 'KMSInternalException'],
  ['FAULT_DETECTED', 'KMSInternalException'],
] as const)('an HSM that rejects with %s: %s where AWS has it for the operation', async (hsmCode, code) => {
  let isAway = false
  const inside = createHsm()
  const fail = (): void => {
    if (isAway) throw new HsmError(hsmCode)
  }
  const hsm: Hsm = {
    ...inside,
    async seal(command) {
      fail()
      return inside.seal(command)
    },
    async random(length) {
      fail()
      return inside.random(length)
    },
  }
  const { kms, audit } = await startKms({ hsm })
  const { keyId: KeyId } = await createKey(kms)
  isAway = true
  await expectFault(kms.encrypt({ KeyId, Plaintext: bytesOf('x') }), code)
  expect(audit.entries.at(-1)?.errorCode).toBe(code)
  const listed = code === 'KeyUnavailableException' ? 'KMSInternalException' : code
  await expectFault(kms.generateRandom({ NumberOfBytes: 1 }), listed)
  isAway = false
  await expect(kms.encrypt({ KeyId, Plaintext: bytesOf('x') })).resolves.toBeDefined()
})

test.each([
  ['Encrypt', (KeyId: string) => ({ KeyId, Plaintext: bytesOf('x') })],
  ['Decrypt', (_: string, CiphertextBlob: Uint8Array) => ({ CiphertextBlob })],
  ['ReEncrypt', (KeyId: string, CiphertextBlob: Uint8Array) => ({ CiphertextBlob, DestinationKeyId: KeyId })],
  ['GenerateDataKey', (KeyId: string) => ({ KeyId, NumberOfBytes: 1 })],
  ['GenerateDataKeyWithoutPlaintext', (KeyId: string) => ({ KeyId, NumberOfBytes: 1 })],
  ['GenerateRandom', () => ({ NumberOfBytes: 1 })],
  ['CreateKey', () => ({})],
  ['RotateKeyOnDemand', (KeyId: string) => ({ KeyId })],
] as const)('%s: an HSM that was zeroized is a fault that AWS has for the operation', async (name, input) => {
  const hsm = createHsm()
  const { kms } = await startKms({ hsm })
  const { keyId: KeyId } = await createKey(kms)
  const { CiphertextBlob = new Uint8Array(0) } = await kms.encrypt({ KeyId, Plaintext: bytesOf('x') })
  await hsm.zeroize()
  const listed: readonly string[] = operationErrors[name]
  const code = listed.includes('KeyUnavailableException') ? 'KeyUnavailableException' : 'KMSInternalException'
  const fault = await expectFault(call(kms, name, input(KeyId, CiphertextBlob)), code)
  expect(fault.cause).toBeInstanceOf(HsmError)
  expect(fault.cause).toMatchObject({ code: 'ZEROIZED' })
})

test('the tokens of another HSM are an internal error, and no ciphertext error', async () => {
  const first = await startKms()
  const { keyId: KeyId } = await createKey(first.kms)
  const { CiphertextBlob } = await first.kms.encrypt({ KeyId, Plaintext: bytesOf('x') })
  const { kms } = await startKms({ store: first.store })
  const fault = await expectFault(kms.decrypt({ CiphertextBlob }))
  expect(fault.cause).toMatchObject({ code: 'INVALID_TOKEN' })
})

test.each([
  [
    'throws',
    () => {
      throw new Error('no space for the trail')
    },
  ],
  ['rejects', async () => Promise.reject(new Error('no space for the trail'))],
])('an audit sink that %s keeps the answer back', async (_how, record) => {
  const { kms } = await startKms({ audit: { record } })
  const fault = await expectFault(kms.generateRandom({ NumberOfBytes: 1 }))
  expect(fault.cause).toMatchObject({ message: 'no space for the trail' })
  await expectFault(kms.describeKey({ KeyId: 'not a key' }))
})

test.each([
  ['without a deadline', false],
  ['whose deadline has not come', true],
])('a store that calls a key due %s is not asked for ever', async (_which, isRotating) => {
  const memory = createMemoryStore()
  const named: KeyRecord[] = []
  const { kms } = await startKms({ store: { ...memory, nextDueKey: async () => named[0] } })
  const { keyId: KeyId } = await createKey(kms)
  if (isRotating) await kms.enableKeyRotation({ KeyId })
  named.push(...(await memory.listKeys(kms.defaults, { limit: 1 })).items)
  await expectFault(kms.listKeys())
})

test('nothing due, nothing broken: an HSM failure at a rotation is told to whoever asks next', async () => {
  const hsm = createHsm()
  const { kms, clock } = await startKms({ hsm })
  const { keyId: KeyId } = await createKey(kms)
  await kms.enableKeyRotation({ KeyId })
  await hsm.zeroize()
  await expect(kms.describeKey({ KeyId })).resolves.toBeDefined()
  clock.advanceDays(365)
  await expectFault(kms.describeKey({ KeyId }))
})

test.each([
  [{ account: '12345678901' }, 'account must be 12 digits'],
  [{ account: '1234567890123' }, 'account must be 12 digits'],
  [{ account: 'abcdefghijkl' }, 'account must be 12 digits'],
  [{ account: `${ACCOUNT}\n` }, 'account must be 12 digits'],
  [{ account: 111_122_223_333 as unknown as string }, 'account must be 12 digits'],
  [{ region: '' }, 'region must be a Region name such as us-east-1'],
  [{ region: 'EU-WEST-1' }, 'region must be a Region name such as us-east-1'],
  [{ region: 'eu-west-1 ' }, 'region must be a Region name such as us-east-1'],
])('a malformed account or Region is a mistake of the program: %o', async (wrong, message) => {
  await expect(createKms(wrong)).rejects.toThrow(new RangeError(message))
  const { kms } = await startKms()
  const caller = { account: ACCOUNT, region: REGION, ...wrong }
  await expect(kms.execute('ListKeys', {}, caller)).rejects.toThrow(new RangeError(message))
})

test('a malformed Region shows with the first request, a malformed principal at once', async () => {
  const { kms } = await startKms()
  await expect(kms.inRegion('nowhere').listKeys()).rejects.toThrow(RangeError)
  for (const principal of ['', 'eve', '12345', 'arn:aws:iam::1234:user/eve', 'arn:aws:s3:::bucket']) {
    expect(() => kms.as(principal)).toThrow(RangeError)
  }
})

test('a runtime whose cryptography is wrong does not start', async () => {
  const provider = testingOnlyFaultyProvider('HMAC')
  await expect(createKms({ provider })).rejects.toMatchObject({ name: 'HsmError', code: 'SELF_TEST_FAILED' })
})

test('there is a typed method for each operation that is there', async () => {
  const { kms } = await startKms()
  const others = ['as', 'asService', 'defaults', 'execute', 'inRegion', 'performDue', 'why']
  const methods = Object.keys(kms).filter((name) => !others.includes(name))
  const expected = Object.keys(OPERATIONS).map((name) => name.charAt(0).toLowerCase() + name.slice(1))
  expect(methods.toSorted()).toEqual(expected.toSorted())
  expect(methods).toHaveLength(56)
})
