/**
 * GetKeyLastUsage: which uses are seen, of which key, and what they cost the store.
 *
 * @covers KMS operations, GetKeyLastUsage; wire §5
 */
import {
  type Change,
  type KeyUse,
  OPERATIONS,
  type Shape,
  type Store,
  createMemoryStore,
  operationShapes,
} from '@softkms/kms'
import { createKms } from 'softkms'
import { expect, test } from 'vitest'
import {
  ACCOUNT,
  type KmsFixture,
  OTHER_REGION,
  REGION,
  bytesOf,
  createKey,
  days,
  expectRefusal,
  refusalOf,
  startKms,
} from '../../support/kms-fixture.ts'

const A_UUID: unknown = expect.stringMatching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u)
const MINUTE_MS = 60_000

/** A memory store that keeps the uses that were written, commit by commit. */
function createWatchedStore(): { readonly store: Store; readonly written: KeyUse[][]; failNext(this: void): void } {
  const memory = createMemoryStore()
  const written: KeyUse[][] = []
  let isFailing = false
  return {
    written,
    failNext() {
      isFailing = true
    },
    store: {
      ...memory,
      async commit(changes: readonly Change[]) {
        const uses = changes.flatMap((change) => (change.type === 'NoteUse' ? [change.use] : []))
        if (uses.length > 0 && isFailing) {
          isFailing = false
          throw new Error('the disk is full')
        }
        if (uses.length > 0) written.push(uses)
        return memory.commit(changes)
      },
    },
  }
}

interface Gate {
  readonly opened: Promise<void>
  open(): void
}

function createGate(): Gate {
  const opening: { open?: () => void } = {}
  const opened = new Promise<void>((resolve) => {
    opening.open = resolve
  })
  return { opened, open: () => opening.open?.() }
}

async function lastOperation({ kms }: Pick<KmsFixture, 'kms'>, KeyId: string): Promise<string | undefined> {
  return (await kms.getKeyLastUsage({ KeyId })).KeyLastUsage?.Operation
}

test('a key that was never used', async () => {
  const { kms, clock } = await startKms()
  const { keyId, arn } = await createKey(kms)
  const createdAt = new Date(clock.now())
  clock.advance(days(3))
  for (const KeyId of [keyId, arn]) {
    expect(await kms.getKeyLastUsage({ KeyId })).toStrictEqual({
      KeyId: keyId,
      KeyLastUsage: {},
      TrackingStartDate: createdAt,
      KeyCreationDate: createdAt,
    })
  }
})

test('the last use, with the names of its request', async () => {
  const { kms, clock, audit } = await startKms()
  const { keyId: KeyId } = await createKey(kms)
  await kms.encrypt({ KeyId, Plaintext: bytesOf('x') })
  clock.advance(1234)
  await kms.generateDataKey({ KeyId, NumberOfBytes: 1 })
  const entry = audit.entries.at(-1)
  expect(entry?.operation).toBe('GenerateDataKey')
  const Timestamp = new Date(clock.now())
  clock.advance(1)
  const { KeyLastUsage } = await kms.getKeyLastUsage({ KeyId })
  expect(KeyLastUsage).toStrictEqual({
    Operation: 'GenerateDataKey',
    Timestamp,
    CloudTrailEventId: entry?.eventId,
    KmsRequestId: entry?.requestId,
  })
})

test('without an audit trail the names are drawn once', async () => {
  const kms = await createKms()
  const { KeyMetadata: { KeyId = '' } = {} } = await kms.createKey()
  await kms.encrypt({ KeyId, Plaintext: bytesOf('x') })
  const first = await kms.getKeyLastUsage({ KeyId })
  expect(first.KeyLastUsage).toMatchObject({ CloudTrailEventId: A_UUID, KmsRequestId: A_UUID })
  await kms.performDue()
  expect(await kms.getKeyLastUsage({ KeyId })).toEqual(first)
})

test("the request id is the caller's", async () => {
  const { kms } = await startKms()
  const { keyId: KeyId } = await createKey(kms)
  const caller = { account: ACCOUNT, region: REGION, requestId: 'the-request' }
  await kms.execute('Encrypt', { KeyId, Plaintext: bytesOf('x') }, caller)
  expect((await kms.getKeyLastUsage({ KeyId })).KeyLastUsage?.KmsRequestId).toBe('the-request')
})

/** The values of the enumeration that the names lead to. */
function valuesAt(shape: Shape | undefined, ...names: readonly string[]): readonly string[] {
  const [name, ...rest] = names
  if (name === undefined) return (shape?.type === 'string' && shape.values) || []
  return valuesAt(shape?.type === 'structure' ? shape.members[name]?.shape : undefined, ...rest)
}

test("the operations that use a key are those of AWS's model", () => {
  const tracked = valuesAt(operationShapes.GetKeyLastUsage.output, 'KeyLastUsage', 'Operation')
  const using = Object.values(OPERATIONS)
    .filter(({ targets }) => Object.values<{ usage?: string }>(targets).some(({ usage }) => usage !== undefined))
    .map(({ name }) => name)
  expect(using.toSorted()).toEqual(tracked.toSorted())
})

test('ReEncrypt uses both keys', async () => {
  const fixture = await startKms()
  const source = await createKey(fixture.kms)
  const destination = await createKey(fixture.kms)
  const { CiphertextBlob } = await fixture.kms.encrypt({ KeyId: source.keyId, Plaintext: bytesOf('x') })
  await fixture.kms.reEncrypt({ CiphertextBlob, DestinationKeyId: destination.keyId })
  expect(await lastOperation(fixture, source.keyId)).toBe('ReEncrypt')
  expect(await lastOperation(fixture, destination.keyId)).toBe('ReEncrypt')
})

test('what is refused, dry, or about the key without using it is no use', async () => {
  const fixture = await startKms()
  const { kms } = fixture
  const { keyId: KeyId } = await createKey(kms)
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: bytesOf('x') })
  const { keyId: other } = await createKey(kms)
  const wrong = { CiphertextBlob, EncryptionContext: { a: 'b' } }
  expect((await refusalOf(kms.decrypt(wrong))).code).toBe('InvalidCiphertextException')
  expect((await refusalOf(kms.decrypt({ CiphertextBlob, DryRun: true }))).code).toBe('DryRunOperationException')
  const ignoring = { DestinationKeyId: other, SourceKeyId: KeyId, DryRunModifiers: ['IGNORE_CIPHERTEXT'] } as const
  const { code } = await refusalOf(
    kms.reEncrypt({ ...ignoring, DryRun: true, DryRunModifiers: [...ignoring.DryRunModifiers] }),
  )
  expect(code).toBe('DryRunOperationException')
  await kms.describeKey({ KeyId })
  await kms.rotateKeyOnDemand({ KeyId })
  await kms.disableKey({ KeyId })
  expect((await refusalOf(kms.encrypt({ KeyId, Plaintext: bytesOf('x') }))).code).toBe('DisabledException')
  expect(await lastOperation(fixture, KeyId)).toBe('Encrypt')
  expect(await lastOperation(fixture, other)).toBeUndefined()
})

test('a request whose audit entry is lost is answered with a fault, and is no use', async () => {
  let isBroken = false
  const fixture = await startKms({
    audit: {
      record() {
        if (isBroken) throw new Error('no space for the trail')
      },
    },
  })
  const { keyId: KeyId } = await createKey(fixture.kms)
  isBroken = true
  await expect(fixture.kms.encrypt({ KeyId, Plaintext: bytesOf('x') })).rejects.toMatchObject({
    code: 'KMSInternalException',
  })
  isBroken = false
  expect(await lastOperation(fixture, KeyId)).toBeUndefined()
})

test('the keys of a multi-Region key are watched each by itself', async () => {
  const fixture = await startKms()
  const { KeyMetadata: { KeyId = '' } = {} } = await fixture.kms.createKey({ MultiRegion: true })
  await fixture.kms.replicateKey({ KeyId, ReplicaRegion: OTHER_REGION })
  const abroad = fixture.kms.inRegion(OTHER_REGION)
  await abroad.encrypt({ KeyId, Plaintext: bytesOf('x') })
  expect(await lastOperation(fixture, KeyId)).toBeUndefined()
  expect((await abroad.getKeyLastUsage({ KeyId })).KeyLastUsage?.Operation).toBe('Encrypt')
})

test("a replica made anew does not inherit its forerunner's use", async () => {
  const { kms, clock } = await startKms()
  const { KeyMetadata: { KeyId = '' } = {} } = await kms.createKey({ MultiRegion: true })
  const abroad = kms.inRegion(OTHER_REGION)
  await kms.replicateKey({ KeyId, ReplicaRegion: OTHER_REGION })
  await abroad.encrypt({ KeyId, Plaintext: bytesOf('x') })
  await abroad.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
  clock.advance(days(7))
  await kms.replicateKey({ KeyId, ReplicaRegion: OTHER_REGION })
  expect((await abroad.getKeyLastUsage({ KeyId })).KeyLastUsage).toEqual({})
  await kms.performDue()
  expect((await abroad.getKeyLastUsage({ KeyId })).KeyLastUsage).toEqual({})
})

test('uses cost no write: what waits is written at once, a minute later', async () => {
  const { store, written } = createWatchedStore()
  const { kms, clock } = await startKms({ store })
  const keys = await Promise.all([createKey(kms), createKey(kms)])
  for (let i = 0; i < 20; i++) {
    for (const { keyId: KeyId } of keys) await kms.encrypt({ KeyId, Plaintext: bytesOf('x') })
    clock.advance(100)
  }
  expect(written).toEqual([])
  clock.advance(MINUTE_MS)
  const lastAt = clock.now() - MINUTE_MS - 100
  await kms.listKeys()
  expect(written.map((uses) => uses.map(({ keyId, at }) => [keyId, at]))).toEqual([
    keys.map(({ keyId }) => [keyId, lastAt]),
  ])
  clock.advance(MINUTE_MS)
  await kms.listKeys()
  expect(written).toHaveLength(1)
})

test('a thousand keys that wait are written by the next request', async () => {
  const { store, written } = createWatchedStore()
  const { kms } = await startKms({ store })
  for (let i = 0; i < 1000; i++) {
    const { keyId: KeyId } = await createKey(kms)
    expect(written).toEqual([])
    await kms.encrypt({ KeyId, Plaintext: bytesOf('x') })
  }
  await kms.listKeys()
  expect(written.map((uses) => uses.length)).toEqual([1000])
})

test('performDue writes what waits, and another engine over the store sees it', async () => {
  const first = await startKms()
  const { keyId: KeyId } = await createKey(first.kms)
  await first.kms.encrypt({ KeyId, Plaintext: bytesOf('x') })
  const second = await startKms({ store: first.store, clock: first.clock })
  expect(await lastOperation(second, KeyId)).toBeUndefined()
  await first.kms.performDue()
  expect(await second.kms.getKeyLastUsage({ KeyId })).toEqual(await first.kms.getKeyLastUsage({ KeyId }))
  expect(await lastOperation(second, KeyId)).toBe('Encrypt')
})

test('what could not be written is written by the next request', async () => {
  const { store, written, failNext } = createWatchedStore()
  const fixture = await startKms({ store })
  const { kms, clock } = fixture
  const { keyId: KeyId } = await createKey(kms)
  await kms.encrypt({ KeyId, Plaintext: bytesOf('x') })
  const before = await kms.getKeyLastUsage({ KeyId })
  failNext()
  clock.advance(MINUTE_MS)
  await expect(kms.listKeys()).rejects.toMatchObject({ code: 'KMSInternalException' })
  expect(written).toEqual([])
  expect(await kms.getKeyLastUsage({ KeyId })).toEqual(before)
  expect(written.map((uses) => uses.map(({ keyId }) => keyId))).toEqual([[KeyId]])
})

test('a use on its way into the store is seen, and a change of the key meanwhile stands', async () => {
  const memory = createMemoryStore()
  const hasCome = createGate()
  const mayGo = createGate()
  const store: Store = {
    ...memory,
    async commit(changes) {
      if (changes.some(({ type }) => type === 'NoteUse')) {
        hasCome.open()
        await mayGo.opened
      }
      return memory.commit(changes)
    },
  }
  const fixture = await startKms({ store })
  const { keyId: KeyId } = await createKey(fixture.kms)
  await fixture.kms.encrypt({ KeyId, Plaintext: bytesOf('x') })
  const writing = fixture.kms.performDue()
  await hasCome.opened
  expect(await lastOperation(fixture, KeyId)).toBe('Encrypt')
  await fixture.kms.updateKeyDescription({ KeyId, Description: 'described' })
  await fixture.kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
  fixture.clock.advance(days(7))
  await fixture.kms.listKeys()
  mayGo.open()
  await writing
  expect((await refusalOf(fixture.kms.describeKey({ KeyId }))).code).toBe('NotFoundException')
})

test('an alias is not taken', async () => {
  const fixture = await startKms()
  const message = 'Key Aliases are not supported for this operation.'
  await expectRefusal(fixture, 'GetKeyLastUsage', { KeyId: 'alias/a' }, 'InvalidArnException', message)
})
