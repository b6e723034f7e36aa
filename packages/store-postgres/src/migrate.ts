/** Leads the schema from where it is to this release's; of several servers that start together, one does it. */

import { StoreError } from '@softkms/kms'
import { type Database, query } from './connect.ts'
import { MIGRATION_LOCK, MIGRATIONS } from './schema.ts'

/** @param migrations of this release @throws StoreError `NEWER_SCHEMA` for a database of a later release, which is left as it is */
export async function migrate(database: Database, migrations: readonly string[] = MIGRATIONS): Promise<void> {
  if ((await readVersion(database, migrations.length)) === migrations.length) return
  await database.begin(async (transaction) => {
    await query(transaction, 'SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    await transaction.unsafe('CREATE TABLE IF NOT EXISTS softkms_schema (version BIGINT NOT NULL)')
    const [row] = await query(transaction, 'SELECT version FROM softkms_schema')
    const from = Number(row?.['version'] ?? 0)
    assertKnown(from, migrations.length)
    for (const script of migrations.slice(from)) await transaction.unsafe(script)
    await transaction.unsafe('DELETE FROM softkms_schema')
    await query(transaction, 'INSERT INTO softkms_schema VALUES ($1)', [migrations.length])
  })
}

/** Without any right but to read: a server's role may have no other on tables. */
async function readVersion(database: Database, newest: number): Promise<number> {
  const [there] = await query(database, `SELECT to_regclass('softkms_schema') IS NOT NULL AS is_there`)
  if (there?.['is_there'] !== true) return 0
  const [row] = await query(database, 'SELECT version FROM softkms_schema')
  const version = Number(row?.['version'] ?? 0)
  assertKnown(version, newest)
  return version
}

function assertKnown(version: number, newest: number): void {
  if (version <= newest) return
  throw new StoreError('NEWER_SCHEMA', `the database has schema ${version}, and this softkms knows ${newest}`)
}
