/** What falls due is found in the order of its instants. */
import type { Store } from '@softkms/kms'
import { type KeyLife, beginLife } from '@softkms/lifecycle'
import { describe, expect, test } from 'vitest'
import { createKeyRecord, dyingAt, materialIdOf, rotatingAt } from '../../support/records.ts'
import { ELSEWHERE, type OpenStore, expectRefused, nextOf, putKey } from './store-under-test.ts'

const LATEST = Number.MAX_SAFE_INTEGER

async function dueNumber(store: Store, now: number): Promise<number | undefined> {
  const key = await store.nextDueKey(now)
  return key && Number(key.keyId.slice(-12))
}

export function describeDueKeys(open: OpenStore): void {
  describe('keys for which something is due', () => {
    test('there is none among keys without a deadline', async () => {
      const opened = await open()
      const disabled: KeyLife = { ...rotatingAt(2, 5), state: { name: 'Disabled' } }
      await opened.commit(putKey(createKeyRecord(1)), putKey(createKeyRecord(2, { life: disabled })))
      await expect(opened.store.nextDueKey(LATEST)).resolves.toBeUndefined()
    })

    test('a key is due at its instant and not before', async () => {
      const opened = await open()
      const at = 1_900_000_000_000
      const key = createKeyRecord(1, { life: dyingAt(1, at) })
      await opened.commit(putKey(key))
      for (const door of [opened.store, opened.otherDoor]) {
        await expect(door.nextDueKey(0)).resolves.toBeUndefined()
        await expect(door.nextDueKey(at - 1)).resolves.toBeUndefined()
        await expect(door.nextDueKey(at)).resolves.toEqual(key)
        await expect(door.nextDueKey(LATEST)).resolves.toEqual(key)
      }
    })

    test('the earliest comes first, however many digits its instant has, and wherever the key is', async () => {
      const opened = await open()
      const [account, region] = ELSEWHERE
      const instants = [9_000_000_000_000, 10_000_000_000_000, 900, 1_900_000_000_001, 1_900_000_000_000, 0]
      for (const [number, at] of instants.entries()) {
        const life = number % 2 === 0 ? dyingAt(number, at) : rotatingAt(number, at)
        const scope = [{}, account, region][number % 3]
        await opened.commit(putKey(createKeyRecord(number, { life, ...scope })))
      }
      const order: (number | undefined)[] = []
      for (let key = await opened.store.nextDueKey(LATEST); key; key = await opened.store.nextDueKey(LATEST)) {
        order.push(Number(key.keyId.slice(-12)))
        await opened.commit({ type: 'DeleteKey', key })
      }
      expect(order).toEqual([5, 2, 4, 3, 0, 1])
    })

    test('several at one instant all come, one after the other', async () => {
      const opened = await open()
      for (const number of [1, 2, 3]) {
        await opened.commit(putKey(createKeyRecord(number, { life: dyingAt(number, 1000) })))
      }
      const seen = new Set<number | undefined>()
      for (let key = await opened.store.nextDueKey(1000); key; key = await opened.store.nextDueKey(1000)) {
        seen.add(Number(key.keyId.slice(-12)))
        await opened.commit({ type: 'DeleteKey', key })
      }
      expect(seen).toEqual(new Set([1, 2, 3]))
    })

    test('a deadline that moves is followed', async () => {
      const opened = await open()
      const { store } = opened
      let key = createKeyRecord(1, { life: rotatingAt(1, 1000) })
      await opened.commit(putKey(key), putKey(createKeyRecord(2, { life: dyingAt(2, 2000) })))
      expect(await dueNumber(store, LATEST)).toBe(1)
      const write = async (life: KeyLife): Promise<void> => {
        key = nextOf(key, { life })
        await opened.commit(putKey(key))
      }
      await write(rotatingAt(1, 3000))
      expect(await dueNumber(store, LATEST)).toBe(2)
      await write(dyingAt(1, 1500))
      expect(await dueNumber(store, LATEST)).toBe(1)
      expect(await dueNumber(store, 1499)).toBeUndefined()
      await write(beginLife(materialIdOf(1)))
      expect(await dueNumber(store, LATEST)).toBe(2)
    })

    test('a commit that fails moves no deadline', async () => {
      const opened = await open()
      await opened.commit(putKey(createKeyRecord(1, { life: dyingAt(1, 1000) })))
      await expectRefused(opened, putKey(createKeyRecord(1, { version: 5, life: dyingAt(1, 10) })))
      expect(await dueNumber(opened.store, 999)).toBeUndefined()
      expect(await dueNumber(opened.store, 1000)).toBe(1)
    })
  })
}
