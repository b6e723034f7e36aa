/**
 * Copies of a store: taken while a server has it open, and put into a folder that has none.
 *
 * A copy is a database like the one that it was taken from, sealed under the same root key.
 */

import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, backup } from 'node:sqlite'
import { StoreError } from '@softkms/kms'
import { DATABASE_FILE, LOCK_FILE } from './folder.ts'
import { takeLock } from './lock.ts'
import { assertReadable } from './open-database.ts'
import { createNewPrivateFile, createPrivateFolder } from './private-file.ts'

/**
 * Copies everything that is committed when the copy is finished. The store may be in use, by another process too.
 *
 * @param file must not be there
 * @throws StoreError `UNREADABLE`, `NEWER_SCHEMA`, `EXISTS`; nothing is left in `file`
 */
export async function backupSqliteStore(folder: string, file: string): Promise<void> {
  const source = join(folder, DATABASE_FILE)
  if (!existsSync(source)) throw new StoreError('UNREADABLE', `there is no store in ${folder}`)
  await intoNewFile(file, async () => {
    const database = new DatabaseSync(source, { readOnly: true, timeout: 5000 })
    try {
      await backup(database, file)
    } finally {
      database.close()
    }
    assertDatabase(file)
  })
}

/**
 * Puts a copy into a folder that has no store, which is made when it is not there.
 *
 * @throws StoreError `LOCKED`, `EXISTS`, and `UNREADABLE` or `NEWER_SCHEMA` for a copy that is none; nothing is changed
 */
export async function restoreSqliteStore(folder: string, file: string): Promise<void> {
  if (!existsSync(file)) throw new StoreError('UNREADABLE', `there is no ${file}`)
  assertDatabase(file)
  createPrivateFolder(folder)
  const lock = takeLock(join(folder, LOCK_FILE), folder)
  try {
    const target = join(folder, DATABASE_FILE)
    await intoNewFile(target, async () => copyFileSync(file, target))
  } finally {
    lock.release()
  }
}

/** @throws StoreError */
function assertDatabase(file: string): void {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { readOnly: true })
    assertReadable(database, file)
  } catch (cause) {
    if (cause instanceof StoreError) throw cause
    throw new StoreError('UNREADABLE', `${file} is no copy of a store`, { cause })
  } finally {
    database?.close()
  }
}

/** Leaves a whole file, or none. */
async function intoNewFile(file: string, write: () => Promise<void>): Promise<void> {
  createNewPrivateFile(file)
  try {
    await write()
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  }
}
