/** Opening a folder: who may, what is refused, and what an earlier release left. */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreError, type StoreErrorCode } from '@softkms/kms'
import { describe, expect, test } from 'vitest'
import { SCOPE, createKeyRecord, keyIdOf } from '../support/records.ts'
import { makeFolder, openStore } from '../support/sqlite-folder.ts'

const DATABASE = 'softkms.db'

function expectRefused(folder: string, code: StoreErrorCode, message: RegExp): void {
  let refusal: unknown
  try {
    openStore(folder)
  } catch (error) {
    refusal = error
  }
  expect(refusal).toBeInstanceOf(StoreError)
  expect(refusal).toMatchObject({ code, message: expect.stringMatching(message) as string })
}

/** Changes a closed database as somebody with SQL would. */
function execute(folder: string, sql: string): void {
  const database = new DatabaseSync(join(folder, DATABASE))
  database.exec(sql)
  database.close()
}

async function fill(folder: string): Promise<void> {
  const store = openStore(folder)
  await store.commit([{ type: 'PutKey', key: createKeyRecord(1) }])
  store.close()
}

describe('a folder', () => {
  test('is read by its owner alone, with everything in it', async () => {
    const folder = join(makeFolder(), 'a', 'b')
    const store = openStore(folder)
    await store.commit([{ type: 'PutKey', key: createKeyRecord(1) }])
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    const files = readdirSync(folder)
    expect(files.length).toBeGreaterThan(2)
    for (const file of files) expect([file, statSync(join(folder, file)).mode & 0o777]).toEqual([file, 0o600])
  })

  test('is open to one at a time, and free again once it was closed', () => {
    const folder = makeFolder()
    const store = openStore(folder)
    expectRefused(folder, 'LOCKED', /^another process has .* open$/)
    store.close()
    openStore(folder).close()
  })

  test('keeps what was committed', async () => {
    const folder = makeFolder()
    await fill(folder)
    await expect(openStore(folder).getKey(SCOPE, keyIdOf(1))).resolves.toEqual(createKeyRecord(1))
  })
})

describe('what is refused, and left as it is', () => {
  test('a file that is no database', () => {
    const folder = makeFolder()
    const file = join(folder, DATABASE)
    writeFileSync(file, 'keys, all of them')
    expectRefused(folder, 'UNREADABLE', /softkms\.db cannot be opened$/)
    expect(readFileSync(file, 'utf8')).toBe('keys, all of them')
  })

  test("somebody else's database", () => {
    const folder = makeFolder()
    execute(folder, 'CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)')
    expectRefused(folder, 'UNREADABLE', /is not a database of softkms$/)
    execute(folder, 'DELETE FROM theirs')
  })

  test('the database of a later release', async () => {
    const folder = makeFolder()
    await fill(folder)
    execute(folder, 'PRAGMA user_version = 99')
    expectRefused(folder, 'NEWER_SCHEMA', /has schema 99, and this softkms knows \d+$/)
  })

  test('a damaged database', async () => {
    const folder = makeFolder()
    const store = openStore(folder)
    for (let number = 1; number <= 50; number++) {
      await store.commit([{ type: 'PutKey', key: createKeyRecord(number) }])
    }
    store.close()
    const file = join(folder, DATABASE)
    const bytes = readFileSync(file)
    bytes.fill(0x5a, 8192, bytes.length - 4096)
    writeFileSync(file, bytes)
    expectRefused(folder, 'UNREADABLE', /is damaged$|cannot be opened$/)
    expect(readFileSync(file).equals(bytes)).toBe(true)
  })

  test('and the folder is free afterwards', () => {
    const folder = makeFolder()
    writeFileSync(join(folder, DATABASE), 'x')
    expectRefused(folder, 'UNREADABLE', /softkms/)
    expectRefused(folder, 'UNREADABLE', /softkms/)
  })
})
