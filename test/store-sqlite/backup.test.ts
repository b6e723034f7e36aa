/** Copies of a store: taken while it is in use, whole or not at all, and never in place of anything. */
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { backupSqliteStore, restoreSqliteStore } from '@softkms/store-sqlite'
import { expect, test } from 'vitest'
import { SCOPE, createKeyRecord, keyIdOf } from '../support/records.ts'
import { makeFolder, openStore } from '../support/sqlite-folder.ts'

test('a copy is taken while the store is in use, and restored elsewhere', async () => {
  const folder = makeFolder()
  const store = openStore(folder)
  await store.commit([{ type: 'PutKey', key: createKeyRecord(1) }])
  const file = join(makeFolder(), 'copy.db')
  const backup = backupSqliteStore(folder, file)
  await store.commit([{ type: 'PutKey', key: createKeyRecord(2) }])
  await backup
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const elsewhere = join(makeFolder(), 'restored')
  await restoreSqliteStore(elsewhere, file)
  await expect(openStore(elsewhere).getKey(SCOPE, keyIdOf(1))).resolves.toEqual(createKeyRecord(1))
  await expect(store.getKey(SCOPE, keyIdOf(2))).resolves.toEqual(createKeyRecord(2))
})

test('nothing is overwritten', async () => {
  const folder = makeFolder()
  await openStore(folder).commit([{ type: 'PutKey', key: createKeyRecord(1) }])
  const file = join(makeFolder(), 'copy.db')
  writeFileSync(file, 'mine')
  await expect(backupSqliteStore(folder, file)).rejects.toMatchObject({ code: 'EXISTS' })
  expect(readFileSync(file, 'utf8')).toBe('mine')

  const copy = join(makeFolder(), 'copy.db')
  await backupSqliteStore(folder, copy)
  await expect(restoreSqliteStore(folder, copy)).rejects.toMatchObject({ code: 'LOCKED' })
  const other = makeFolder()
  const there = openStore(other)
  there.close()
  await expect(restoreSqliteStore(other, copy)).rejects.toMatchObject({ code: 'EXISTS' })
})

test('what is no store is not copied, and what is no copy is not restored', async () => {
  const empty = makeFolder()
  const file = join(empty, 'copy.db')
  await expect(backupSqliteStore(empty, file)).rejects.toMatchObject({ code: 'UNREADABLE' })
  expect(existsSync(file)).toBe(false)

  const folder = makeFolder()
  writeFileSync(file, 'keys, all of them')
  await expect(restoreSqliteStore(folder, file)).rejects.toMatchObject({ code: 'UNREADABLE' })
  await expect(restoreSqliteStore(folder, join(empty, 'nothing'))).rejects.toMatchObject({ code: 'UNREADABLE' })
  expect(readdirSync(folder)).toEqual([])
})
