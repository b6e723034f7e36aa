/** A database of an earlier release: it goes forward with a copy beside it, or stays as it was. */
import { existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../packages/store-sqlite/src/open-database.ts'
import { MIGRATIONS } from '../../packages/store-sqlite/src/schema.ts'
import { createKeyRecord } from '../support/records.ts'
import { makeFolder, openStore } from '../support/sqlite-folder.ts'

const NEXT = 'ALTER TABLE key ADD COLUMN colour TEXT'

async function fill(folder: string): Promise<string> {
  const store = openStore(folder)
  expect(await store.commit([{ type: 'PutKey', key: createKeyRecord(1) }])).toBe(true)
  store.close()
  return join(folder, 'softkms.db')
}

const schemaOf = (database: DatabaseSync): unknown => database.prepare('PRAGMA user_version').get()?.['user_version']

test('goes forward step by step, keeps what it has, and leaves a copy of what it was', async () => {
  const file = await fill(makeFolder())
  const database = openDatabase(file, [...MIGRATIONS, NEXT, 'ALTER TABLE key ADD COLUMN weight TEXT'])
  const before = MIGRATIONS.length
  expect(schemaOf(database)).toBe(before + 2)
  expect(database.prepare('SELECT count(*) AS count FROM key WHERE colour IS NULL').get()?.['count']).toBe(1)
  database.close()
  const copy = new DatabaseSync(`${file}.schema-${before}`)
  expect(schemaOf(copy)).toBe(before)
  expect(copy.prepare('SELECT count(*) AS count FROM key').get()?.['count']).toBe(1)
  copy.close()
  expect(statSync(`${file}.schema-${before}`).mode & 0o777).toBe(0o600)
})

test('stays as it was when a step fails, and is refused by the release before once one did not', async () => {
  const folder = makeFolder()
  const file = await fill(folder)
  expect(() => openDatabase(file, [...MIGRATIONS, `${NEXT}; ALTER TABLE nothing ADD COLUMN x TEXT`])).toThrow(
    'cannot be opened',
  )
  const store = openStore(folder)
  expect(await store.getKey(createKeyRecord(1), createKeyRecord(1).keyId)).toEqual(createKeyRecord(1))
  store.close()
  openDatabase(file, [...MIGRATIONS, NEXT]).close()
  expect(() => openDatabase(file)).toThrow('has schema 2, and this softkms knows 1')
  expect(existsSync(`${file}.schema-1`)).toBe(true)
})
