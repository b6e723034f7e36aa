/**
 * Opens a database of softkms, whatever release wrote it, and no other.
 *
 * An acknowledged write is on the disk: the journal is written ahead and synchronized with every commit. What is
 * deleted is overwritten.
 */

import { copyFileSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { StoreError } from '@softkms/kms'
import { createPrivateFile } from './private-file.ts'
import { APPLICATION_ID, MIGRATIONS } from './schema.ts'

/**
 * @param migrations of this release
 * @throws StoreError `UNREADABLE` for a damaged database and for one that is not softkms's, `NEWER_SCHEMA` for one of a
 * later release; the file is left as it is
 */
export function openDatabase(file: string, migrations: readonly string[] = MIGRATIONS): DatabaseSync {
  createPrivateFile(file)
  const isNew = statSync(file).size === 0
  const database = new DatabaseSync(file, { timeout: 5000, defensive: true })
  try {
    if (!isNew) assertReadable(database, file, migrations.length)
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = ON;
      PRAGMA trusted_schema = OFF;
    `)
    migrate(database, file, migrations)
    return database
  } catch (cause) {
    database.close()
    if (cause instanceof StoreError) throw cause
    throw new StoreError('UNREADABLE', `${file} cannot be opened`, { cause })
  }
}

/** @throws StoreError `UNREADABLE`, `NEWER_SCHEMA` */
export function assertReadable(database: DatabaseSync, file: string, newest: number = MIGRATIONS.length): void {
  if (readNumber(database, 'application_id') !== APPLICATION_ID) {
    throw new StoreError('UNREADABLE', `${file} is not a database of softkms`)
  }
  const version = readNumber(database, 'user_version')
  if (version > newest) {
    throw new StoreError('NEWER_SCHEMA', `${file} has schema ${version}, and this softkms knows ${newest}`)
  }
  const [first] = database.prepare('PRAGMA quick_check(1)').all()
  if (first?.['quick_check'] !== 'ok') throw new StoreError('UNREADABLE', `${file} is damaged`)
}

/** Leads the schema from where it is to this release's, one step after the other, with a copy before the first. */
function migrate(database: DatabaseSync, file: string, migrations: readonly string[]): void {
  const from = readNumber(database, 'user_version')
  if (from > 0 && from < migrations.length) {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    const copy = `${file}.schema-${from}`
    createPrivateFile(copy)
    copyFileSync(file, copy)
  }
  for (const [version, script] of migrations.entries()) {
    if (version < from) continue
    database.exec(`
      BEGIN IMMEDIATE;
      ${script};
      PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA user_version = ${version + 1};
      COMMIT;
    `)
  }
}

function readNumber(database: DatabaseSync, pragma: string): number {
  const row = database.prepare(`PRAGMA ${pragma}`).get() as Readonly<Record<string, number>>
  return row[pragma] ?? 0
}
