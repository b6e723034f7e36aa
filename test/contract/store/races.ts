/** Writers who race for one record: exactly one wins, and of the losers nothing is there. */
import type { Change, Store } from '@softkms/kms'
import { describe, expect, test } from 'vitest'
import {
  SCOPE,
  aliasNameOf,
  createAliasRecord,
  createKeyRecord,
  createMaterialRecord,
  keyIdOf,
  materialIdOf,
} from '../../support/records.ts'
import { type OpenStore, type StoreUnderTest, nextOf, putAlias, putKey } from './store-under-test.ts'

const WRITERS = 16

/** All of them commit at once, through two doors. @returns the numbers of those who won */
async function race(opened: StoreUnderTest, changesOf: (writer: number) => Change[]): Promise<number[]> {
  const outcomes = await Promise.all(
    Array.from({ length: WRITERS }, (_, writer) => doorOf(opened, writer).commit(changesOf(writer))),
  )
  return outcomes.flatMap((hasWon, writer) => (hasWon ? [writer] : []))
}

function doorOf({ store, otherDoor }: StoreUnderTest, writer: number): Store {
  return writer % 2 === 0 ? store : otherDoor
}

export function describeRaces(open: OpenStore): void {
  describe('racing writers', () => {
    test('for a new key: one wins, and no material of the others is there', async () => {
      const opened = await open()
      const winners = await race(opened, (writer) => [
        { type: 'AddMaterial', material: createMaterialRecord(writer) },
        putKey(createKeyRecord(1, { description: String(writer) })),
      ])
      expect(winners).toHaveLength(1)
      await expect(opened.store.getKey(SCOPE, keyIdOf(1))).resolves.toMatchObject({ description: String(winners[0]) })
      for (let writer = 0; writer < WRITERS; writer++) {
        const material = await opened.store.getMaterial(SCOPE.region, materialIdOf(writer))
        expect(material !== undefined).toBe(winners[0] === writer)
      }
    })

    test('for the next version of a key: one wins each round', async () => {
      const opened = await open()
      await opened.commit(putKey(createKeyRecord(1)))
      for (let version = 2; version < 10; version++) {
        const winners = await race(opened, (writer) => [
          putKey(createKeyRecord(1, { version, description: String(writer) })),
        ])
        expect(winners).toHaveLength(1)
        const description = String(winners[0])
        await expect(opened.otherDoor.getKey(SCOPE, keyIdOf(1))).resolves.toMatchObject({ version, description })
      }
    })

    test('for a name: one wins', async () => {
      const opened = await open()
      const key = createKeyRecord(1)
      await opened.commit(putKey(key))
      const winners = await race(opened, (createdAt) => [
        { type: 'ExpectKey', key },
        putAlias(createAliasRecord('a', 1, { createdAt })),
      ])
      expect(winners).toHaveLength(1)
      await expect(opened.store.getAlias(SCOPE, aliasNameOf('a'))).resolves.toMatchObject({ createdAt: winners[0] })
    })

    test('to delete a name or to point it elsewhere: one wins', async () => {
      const opened = await open()
      const alias = createAliasRecord('a', 1)
      await opened.commit(putAlias(alias))
      const winners = await race(opened, (writer) =>
        writer % 3 === 0
          ? [{ type: 'DeleteAlias', alias }]
          : [putAlias(nextOf(alias, { targetKeyId: keyIdOf(writer) }))],
      )
      expect(winners).toHaveLength(1)
      const [winner = 0] = winners
      const found = await opened.store.getAlias(SCOPE, alias.aliasName)
      expect(found?.targetKeyId).toBe(winner % 3 === 0 ? undefined : keyIdOf(winner))
    })

    test('to delete a key or to go on with it: one wins, and a loser brings nothing back', async () => {
      const opened = await open()
      const key = createKeyRecord(1)
      await opened.commit(putKey(key), putAlias(createAliasRecord('a', 1)))
      const winners = await race(opened, (writer) =>
        writer % 2 === 0
          ? [{ type: 'DeleteKey', key }]
          : [putKey(nextOf(key)), putAlias(createAliasRecord(`b${writer}`, 1))],
      )
      expect(winners).toHaveLength(1)
      const [winner = 0] = winners
      const isDeleted = winner % 2 === 0
      await expect(opened.store.getKey(SCOPE, key.keyId)).resolves.toEqual(isDeleted ? undefined : nextOf(key))
      const { items } = await opened.store.listAliases(SCOPE, { limit: 100 })
      const names = items.map(({ aliasName }) => aliasName)
      expect(names).toEqual(isDeleted ? [] : ['alias/a', `alias/b${winner}`])
    })

    test('who name a key in a deletion and an alias of it: never an alias without its key', async () => {
      for (let round = 0; round < 10; round++) {
        const opened = await open()
        const key = createKeyRecord(1)
        await opened.commit(putKey(key))
        await race(opened, (writer) =>
          writer % 2 === round % 2
            ? [{ type: 'DeleteKey', key }]
            : [{ type: 'ExpectKey', key }, putAlias(createAliasRecord(`a${writer}`, 1))],
        )
        await expect(opened.store.getKey(SCOPE, key.keyId)).resolves.toBeUndefined()
        await expect(opened.store.listAliases(SCOPE, { limit: 100 })).resolves.toMatchObject({ items: [] })
      }
    })

    test('for different keys: all win', async () => {
      const opened = await open()
      const winners = await race(opened, (writer) => [putKey(createKeyRecord(writer))])
      expect(winners).toHaveLength(WRITERS)
      const { items } = await opened.store.listKeys(SCOPE, { limit: 100 })
      expect(items).toHaveLength(WRITERS)
    })

    test('who count up and try again lose no count', async () => {
      const opened = await open()
      await opened.commit(putKey(createKeyRecord(1, { description: '0' })))
      const increment = async (door: Store): Promise<void> => {
        const key = await door.getKey(SCOPE, keyIdOf(1))
        if (key === undefined) throw new Error('the key is gone')
        const incremented = nextOf(key, { description: String(Number(key.description) + 1) })
        if (!(await door.commit([putKey(incremented)]))) await increment(door)
      }
      await Promise.all(Array.from({ length: 20 }, (_, writer) => increment(doorOf(opened, writer))))
      const counted = { description: '20', version: 21 }
      await expect(opened.store.getKey(SCOPE, keyIdOf(1))).resolves.toMatchObject(counted)
    })
  })
}
