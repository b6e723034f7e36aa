/** The last use of a key: the latest stays, nothing waits for it, and it goes with its key. */
import type { KeyUse } from '@softkms/kms'
import { describe, expect, test } from 'vitest'
import { SCOPE, createKeyRecord, keyIdOf } from '../../support/records.ts'
import { ELSEWHERE, type OpenStore, nextOf, putKey } from './store-under-test.ts'

const CREATED = createKeyRecord(1).createdAt

function useOf(number: number, at: number, rest: Partial<KeyUse> = {}): KeyUse {
  const requestId = `request ${number} at ${at}`
  return { ...SCOPE, keyId: keyIdOf(number), at, operation: 'Decrypt', requestId, eventId: `event ${at} ☃`, ...rest }
}

function note(use: KeyUse): { readonly type: 'NoteUse'; readonly use: KeyUse } {
  return { type: 'NoteUse', use }
}

export function describeUses(open: OpenStore): void {
  describe('the last use of a key', () => {
    test('is what was noted last, through every door', async () => {
      const opened = await open()
      const key = createKeyRecord(1)
      await opened.commit(putKey(key), putKey(createKeyRecord(2)))
      await expect(opened.otherDoor.getLastUse(key)).resolves.toBeUndefined()
      for (const at of [CREATED, CREATED + 1, CREATED + 1000]) {
        await opened.commit(note(useOf(1, at)))
        await expect(opened.otherDoor.getLastUse(key)).resolves.toEqual(useOf(1, at))
      }
      const again = useOf(1, CREATED + 1000, { operation: 'Sign', requestId: 'another' })
      await opened.commit(note(again))
      await expect(opened.store.getLastUse(key)).resolves.toEqual(again)
      await expect(opened.store.getLastUse(createKeyRecord(2))).resolves.toBeUndefined()
    })

    test('is not replaced by an earlier one', async () => {
      const opened = await open()
      await opened.commit(putKey(createKeyRecord(1)))
      await opened.commit(note(useOf(1, CREATED + 5)))
      await opened.commit(note(useOf(1, CREATED + 4)))
      await expect(opened.store.getLastUse(createKeyRecord(1))).resolves.toEqual(useOf(1, CREATED + 5))
    })

    test('belongs to one key of one account and Region', async () => {
      const opened = await open()
      const scopes = [SCOPE, ...ELSEWHERE]
      await opened.commit(...scopes.map((scope) => putKey(createKeyRecord(1, scope))))
      await opened.commit(...scopes.map((scope, i) => note(useOf(1, CREATED + i, scope))))
      for (const [i, scope] of scopes.entries()) {
        await expect(opened.store.getLastUse({ ...scope, keyId: keyIdOf(1) })).resolves.toEqual(
          useOf(1, CREATED + i, scope),
        )
      }
    })

    test("raises no version, and stands in nobody's way", async () => {
      const opened = await open()
      const key = createKeyRecord(1)
      await opened.commit(putKey(key))
      await opened.commit(note(useOf(1, CREATED)))
      await expect(opened.store.getKey(SCOPE, key.keyId)).resolves.toEqual(key)
      await opened.commit(putKey(nextOf(key)), note(useOf(1, CREATED + 1)))
      await opened.commit({ type: 'ExpectKey', key: nextOf(key) })
      await expect(opened.store.getLastUse(key)).resolves.toEqual(useOf(1, CREATED + 1))
    })

    test('is not there when the commit that brings it fails', async () => {
      const opened = await open()
      const key = createKeyRecord(1)
      await opened.commit(putKey(key))
      expect(await opened.store.commit([note(useOf(1, CREATED)), putKey(key)])).toBe(false)
      await expect(opened.store.getLastUse(key)).resolves.toBeUndefined()
    })

    test('of a key that is not there is nothing, and brings nothing back', async () => {
      const opened = await open()
      const key = createKeyRecord(1)
      await opened.commit(putKey(key))
      await opened.commit(note(useOf(1, CREATED)))
      await opened.commit({ type: 'DeleteKey', key })
      await opened.commit(note(useOf(1, CREATED + 1)), note(useOf(7, CREATED)))
      for (const number of [1, 7]) {
        await expect(opened.store.getKey(SCOPE, keyIdOf(number))).resolves.toBeUndefined()
        await expect(opened.store.getLastUse({ ...SCOPE, keyId: keyIdOf(number) })).resolves.toBeUndefined()
      }
    })

    test('is not inherited by a key that is made anew under the same id', async () => {
      const opened = await open()
      const key = createKeyRecord(1)
      await opened.commit(putKey(key))
      await opened.commit(note(useOf(1, CREATED + 10)))
      await opened.commit({ type: 'DeleteKey', key })
      await opened.commit(putKey({ ...key, createdAt: CREATED + 20 }))
      await expect(opened.store.getLastUse(key)).resolves.toBeUndefined()
      await opened.commit(note(useOf(1, CREATED + 11)))
      await expect(opened.store.getLastUse(key)).resolves.toBeUndefined()
      await opened.commit(note(useOf(1, CREATED + 20)))
      await expect(opened.store.getLastUse(key)).resolves.toEqual(useOf(1, CREATED + 20))
    })

    test('is the latest whoever is faster, and no change of the key is lost', async () => {
      const opened = await open()
      const key = createKeyRecord(1)
      await opened.commit(putKey(key))
      const outcomes = await Promise.all(
        Array.from({ length: 32 }, (_, i) => {
          const door = i % 2 === 0 ? opened.store : opened.otherDoor
          return door.commit(i === 7 ? [putKey(nextOf(key))] : [note(useOf(1, CREATED + ((i * 13) % 32)))])
        }),
      )
      expect(outcomes).toEqual(outcomes.map(() => true))
      await expect(opened.store.getKey(SCOPE, key.keyId)).resolves.toEqual(nextOf(key))
      await expect(opened.store.getLastUse(key)).resolves.toMatchObject({ at: CREATED + 31 })
    })
  })
}
