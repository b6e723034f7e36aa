/** Leads the schema from where it is to this release's; of several servers that start together, one does it. */

import { StoreError } from '@softkms/kms'
import { type Database, query } from './connect.ts'
import { MIGRATION_LOCK, MIGRATIONS } from './schema.ts'

/** @throws StoreError `NEWER_SCHEMA` for a database of a later release, which is left as it is */
export async function migrate(database: Database): Promise<void> {
  if ((await readVersion(database)) === MIGRATIONS.length) return
  await database.begin(async (transaction) => {
    await query(transaction, 'SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    await transaction.unsafe('CREATE TABLE IF NOT EXISTS softkms_schema (version BIGINT NOT NULL)')
    const [row] = await query(transaction, 'SELECT version FROM softkms_schema')
    const from = Number(row?.['version'] ?? 0)
    assertKnown(from)
    for (const script of MIGRATIONS.slice(from)) await transaction.unsafe(script)
    await transaction.unsafe('DELETE FROM softkms_schema')
    await query(transaction, 'INSERT INTO softkms_schema VALUES ($1)', [MIGRATIONS.length])
  })
}

/** Without any right but to read: a server's role may have no other on tables. */
async function readVersion(database: Database): Promise<number> {
  const [there] = await query(database, `SELECT to_regclass('softkms_schema') IS NOT NULL AS is_there`)
  if (there?.['is_there'] !== true) return 0
  const [row] = await query(database, 'SELECT version FROM softkms_schema')
  const version = Number(row?.['version'] ?? 0)
  assertKnown(version)
  return version
}

function assertKnown(version: number): void {
  if (version <= MIGRATIONS.length) return
  throw new StoreError(
    'NEWER_SCHEMA',
    `the database has schema ${version}, and this softkms knows ${MIGRATIONS.length}`,
  )
}
