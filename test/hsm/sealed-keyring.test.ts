/** The domain keyring under a root key: how an HSM keeps its domain, and how another joins it. */
import { type Hsm, createHsm } from '@softkms/hsm'
import { describe, expect, test } from 'vitest'
import { NEW_KEY, open, seal } from '../support/hsm-fixture.ts'

const ROOT = new Uint8Array(32).fill(7)
const OTHER_ROOT = new Uint8Array(32).fill(8)
const PLAINTEXT = new TextEncoder().encode('secret')

const start = (rootKey: Uint8Array = ROOT): Hsm => createHsm({ rootKey })

describe('a sealed keyring', () => {
  test('brings another HSM into the domain, with all keys that ever were active', async () => {
    const first = start()
    const older = await first.generateKey(NEW_KEY)
    const blob = await seal(first, older.token, PLAINTEXT)
    await first.rotateDomainKey()
    const newer = await first.generateKey(NEW_KEY)
    const second = start()
    const foreign = await second.generateKey(NEW_KEY)
    await second.openKeyring(await first.sealKeyring())
    await expect(open(second, older.token, blob)).resolves.toEqual(PLAINTEXT)
    await expect(second.describeKey(newer.token)).resolves.toMatchObject({ materialId: newer.materialId })
    // What the second wraps now, the first unwraps: the same key is active.
    const there = await second.generateKey(NEW_KEY)
    await expect(first.describeKey(there.token)).resolves.toMatchObject({ materialId: there.materialId })
    await expect(second.describeKey(foreign.token)).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    expect((await second.status()).domainKeys).toBe(2)
  })

  test('is another each time', async () => {
    const hsm = start()
    expect(await hsm.sealKeyring()).not.toEqual(await hsm.sealKeyring())
  })

  test('does not open under another root key, and leaves the domain as it was', async () => {
    const sealed = await start().sealKeyring()
    const hsm = start(OTHER_ROOT)
    const { token } = await hsm.generateKey(NEW_KEY)
    await expect(hsm.openKeyring(sealed)).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' })
    await expect(hsm.describeKey(token)).resolves.toBeDefined()
  })

  test('does not open with any bit changed, cut off or longer', async () => {
    const hsm = start()
    const sealed = await hsm.sealKeyring()
    const damaged = [
      ...[...sealed.keys()].map((at) => sealed.map((byte, index) => (index === at ? byte ^ (1 << (at % 8)) : byte))),
      ...[...sealed.keys()].map((length) => sealed.subarray(0, length)),
      Uint8Array.of(...sealed, 0),
    ]
    for (const bytes of damaged) {
      await expect(hsm.openKeyring(bytes)).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' })
    }
  })

  test('wants a root key of 32 bytes', async () => {
    const hsm = createHsm()
    await expect(hsm.sealKeyring()).rejects.toMatchObject({ code: 'NO_ROOT_KEY' })
    await expect(hsm.openKeyring(await start().sealKeyring())).rejects.toMatchObject({ code: 'NO_ROOT_KEY' })
    expect(() => createHsm({ rootKey: new Uint8Array(31) })).toThrow(new RangeError('rootKey must be 32 bytes'))
    const notBytes = 'x'.repeat(32) as unknown as Uint8Array
    expect(() => createHsm({ rootKey: notBytes })).toThrow(new TypeError('rootKey must be a Uint8Array'))
  })

  test('takes a copy of the root key', async () => {
    const rootKey = Uint8Array.from(ROOT)
    const hsm = createHsm({ rootKey })
    rootKey.fill(0)
    await expect(start().openKeyring(await hsm.sealKeyring())).resolves.toBeUndefined()
  })
})

describe('tags of records', () => {
  const RECORD = '{"a":1}'

  test('are verified everywhere in the domain, after rotations too', async () => {
    const hsm = start()
    const tag = await hsm.protectRecord(RECORD)
    expect(tag).toHaveLength(48)
    await hsm.rotateDomainKey()
    const other = start()
    await other.openKeyring(await hsm.sealKeyring())
    for (const one of [hsm, other]) await expect(one.verifyRecord(RECORD, tag)).resolves.toBe(true)
    await expect(start().verifyRecord(RECORD, tag)).resolves.toBe(false)
  })

  test('fit nothing else', async () => {
    const hsm = start()
    const tag = await hsm.protectRecord(RECORD)
    await expect(hsm.verifyRecord('{"a":2}', tag)).resolves.toBe(false)
    for (const at of tag.keys()) {
      const changed = tag.map((byte, index) => (index === at ? byte ^ 1 : byte))
      await expect(hsm.verifyRecord(RECORD, changed)).resolves.toBe(false)
    }
    await expect(hsm.verifyRecord(RECORD, tag.subarray(0, 47))).resolves.toBe(false)
    await expect(hsm.verifyRecord(RECORD, new Uint8Array(0))).resolves.toBe(false)
    const notText = 7 as unknown as string
    await expect(hsm.protectRecord(notText)).rejects.toThrow(new TypeError('record must be text'))
    await expect(hsm.verifyRecord(notText, tag)).rejects.toThrow(new TypeError('record must be text'))
  })
})
