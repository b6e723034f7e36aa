/** Requests that their caller calls off. */
import { type Store, createMemoryStore } from '@softkms/kms'
import { expect, test } from 'vitest'
import { ACCOUNT, REGION, bytesOf, call, createKey, readEverything, startKms } from '../support/kms-fixture.ts'
import { KEY_OPERATIONS, surround, titleOf } from '../support/key-operations.ts'

const titled = KEY_OPERATIONS.map((operation) => ({ ...operation, title: titleOf(operation) }))

test.each(titled)('$title: called off before it began, it did nothing', async ({ name, input }) => {
  const { kms, store, audit } = await startKms()
  const { keyId } = await createKey(kms)
  const request = input(keyId, await surround(kms, keyId))
  const before = await readEverything(store)
  const entries = audit.entries.length
  const caller = { account: ACCOUNT, region: REGION, signal: AbortSignal.abort() }
  await expect(kms.execute(name, request, caller)).rejects.toMatchObject({ name: 'AbortError' })
  expect(await readEverything(store)).toEqual(before)
  expect(audit.entries).toHaveLength(entries)
})

/** A memory store that tells when a key is looked up, and answers only after that. */
function createWatchedStore(onGetKey: () => void): Store {
  const memory = createMemoryStore()
  return {
    ...memory,
    async getKey(...request) {
      onGetKey()
      return memory.getKey(...request)
    },
  }
}

test.each([
  ['DisableKey', {}],
  ['ScheduleKeyDeletion', {}],
  ['RotateKeyOnDemand', {}],
  ['TagResource', { Tags: [{ TagKey: 'a', TagValue: 'b' }] }],
  ['Encrypt', { Plaintext: bytesOf('x') }],
] as const)('%s: called off while its key is looked up, it did nothing', async (name, rest) => {
  const controller = new AbortController()
  let isArmed = false
  const store = createWatchedStore(() => {
    if (isArmed) controller.abort(new Error('changed my mind'))
  })
  const { kms, audit } = await startKms({ store })
  const { keyId: KeyId } = await createKey(kms)
  const before = await readEverything(store)
  const entries = audit.entries.length
  isArmed = true
  const caller = { account: ACCOUNT, region: REGION, signal: controller.signal }
  await expect(kms.execute(name, { KeyId, ...rest }, caller)).rejects.toThrow('changed my mind')
  expect(await readEverything(store)).toEqual(before)
  expect(audit.entries).toHaveLength(entries)
})

test('a refusal that was reached first stays a refusal', async () => {
  const controller = new AbortController()
  const store = createWatchedStore(() => controller.abort())
  const { kms, audit } = await startKms({ store })
  const caller = { account: ACCOUNT, region: REGION, signal: controller.signal }
  const KeyId = '01234567-89ab-cdef-0123-456789abcdef'
  await expect(kms.execute('DescribeKey', { KeyId }, caller)).rejects.toMatchObject({ code: 'NotFoundException' })
  expect(audit.entries).toHaveLength(1)
})

test('typed methods take a signal', async () => {
  const { kms } = await startKms()
  const signal = AbortSignal.abort('enough')
  await expect(kms.createKey({}, { signal })).rejects.toBe('enough')
  await expect(kms.generateRandom({ NumberOfBytes: 1 }, { signal })).rejects.toBe('enough')
  await expect(kms.listKeys(undefined, { signal })).rejects.toBe('enough')
  await expect(kms.listKeys({}, { signal: new AbortController().signal })).resolves.toMatchObject({ Keys: [] })
  await expect(call(kms, 'ListKeys', {})).resolves.toMatchObject({ Keys: [] })
})
