/**
 * One commit as one transaction: every change is checked, with its row locked, before the first is made.
 *
 * Rows are locked in one order by all servers. Whatever still meets in a circle, the database finds out, and the
 * transaction is tried again.
 */

import {
  type Change,
  type Columns,
  type KeyRecord,
  type PreparedRow,
  RECORD_TABLES,
  type RecordGuard,
  type RecordKind,
  type Scope,
  lookupsOf,
  nameOfRecord,
  prepareRow,
} from '@softkms/kms'
import { type Database, type Queries, type Value, isRetryable, isTaken, query, write } from './connect.ts'
import { KEYRING_CHANNEL } from './schema.ts'
import { type Statement, deleteFrom, insertInto, selectFrom, updateIn, whereIs } from './statements.ts'

const MOST_ATTEMPTS = 10

/** Ends a transaction that is to change nothing. */
class Refused extends Error {}

/** @returns whether the changes were made */
export async function commit(database: Database, guard: RecordGuard, changes: readonly Change[]): Promise<boolean> {
  const rows = await Promise.all(changes.map((change) => prepare(change, guard)))
  for (let attempt = 1; ; attempt++) {
    try {
      await database.begin((transaction) => perform(transaction, changes, rows))
      return true
    } catch (cause) {
      if (cause instanceof Refused || isTaken(cause)) return false
      if (attempt === MOST_ATTEMPTS || !isRetryable(cause)) throw cause
    }
  }
}

async function prepare(change: Change, guard: RecordGuard): Promise<PreparedRow | undefined> {
  switch (change.type) {
    case 'PutKey':
      return prepareRow('key', change.key, guard)
    case 'PutAlias':
      return prepareRow('alias', change.alias, guard)
    case 'AddMaterial':
    case 'PutMaterial':
      return prepareRow('material', change.material, guard)
    case 'AddGrant':
      return prepareRow('grant', change.grant, guard)
    case 'NoteUse':
      return prepareRow('use', change.use, guard)
    default:
      return undefined
  }
}

async function perform(
  transaction: Queries,
  changes: readonly Change[],
  rows: readonly (PreparedRow | undefined)[],
): Promise<void> {
  const conditions = changes.flatMap(conditionOf).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  // Sent one behind the other, without waiting for answers in between.
  const found = await Promise.all(
    conditions.map(({ statement }) => query(transaction, statement.text, statement.values)),
  )
  if (!conditions.every(({ holds }, i) => holds(found[i]?.[0]))) throw new Refused()
  const statements = changes.flatMap((change, i) => statementsOf(change, rows[i]))
  await Promise.all(statements.map(({ text, values }) => write(transaction, text, values)))
  for (const change of changes) {
    if (change.type === 'LimitKeys' && (await countKeys(transaction, change.scope)) > change.limit) throw new Refused()
  }
}

interface Condition {
  /** By which conditions are put in order. */
  readonly name: string
  readonly statement: Statement
  readonly holds: (row: { readonly [column: string]: unknown } | undefined) => boolean
}

function conditionOf(change: Change): readonly Condition[] {
  const isAt =
    (version: number): Condition['holds'] =>
    (row) =>
      Number(row?.['version'] ?? 0) === version
  const isThere: Condition['holds'] = (row) => row !== undefined
  const isAbsent: Condition['holds'] = (row) => row === undefined
  const on = (
    kind: RecordKind,
    name: Columns,
    holds: Condition['holds'],
    lock: 'FOR UPDATE' | 'FOR SHARE' = 'FOR UPDATE',
  ) => [{ name: JSON.stringify([kind, name]), statement: selectFrom(kind, name, lock), holds }]
  switch (change.type) {
    case 'PutKey':
      return on('key', nameOfRecord('key', change.key), isAt(change.key.version - 1))
    case 'DeleteKey':
      return on('key', nameOfRecord('key', change.key), isAt(change.key.version))
    case 'ExpectKey':
      return on('key', nameOfRecord('key', change.key), isAt(change.key.version), 'FOR SHARE')
    case 'PutAlias':
      return on('alias', nameOfRecord('alias', change.alias), isAt(change.alias.version - 1))
    case 'DeleteAlias':
      return on('alias', nameOfRecord('alias', change.alias), isAt(change.alias.version))
    case 'AddMaterial':
      return on('material', nameOfRecord('material', change.material), isAbsent)
    case 'PutMaterial':
    case 'DeleteMaterial':
      return on('material', nameOfRecord('material', change.material), isThere)
    case 'AddGrant':
      return on('grant', nameOfRecord('grant', change.grant), isAbsent)
    case 'DeleteGrant':
      return on('grant', nameOfRecord('grant', change.grant), isThere)
    case 'PutKeyring':
      return [
        {
          name: 'keyring',
          statement: { text: 'SELECT version FROM keyring FOR UPDATE', values: [] },
          holds: isAt(change.keyring.version - 1),
        },
      ]
    case 'LimitKeys':
    case 'NoteUse':
      return []
    default:
      return change satisfies never
  }
}

function statementsOf(change: Change, row: PreparedRow | undefined): readonly Statement[] {
  switch (change.type) {
    case 'PutKey': {
      const { key } = change
      const isNew = key.version === 1
      return [put('key', nameOfRecord('key', key), row, isNew), ...(isNew ? countOf(key, 1) : [])]
    }
    case 'DeleteKey':
      return deletionOf(change.key)
    case 'PutAlias':
      return [put('alias', nameOfRecord('alias', change.alias), row, change.alias.version === 1)]
    case 'DeleteAlias':
      return [deleteFrom('alias', nameOfRecord('alias', change.alias))]
    case 'AddMaterial':
      return [put('material', nameOfRecord('material', change.material), row, true)]
    case 'PutMaterial':
      return [put('material', nameOfRecord('material', change.material), row, false)]
    case 'DeleteMaterial':
      return [deleteFrom('material', nameOfRecord('material', change.material))]
    case 'AddGrant': {
      const { grant } = change
      return [
        put('grant', nameOfRecord('grant', grant), row, true),
        ...[...new Set(lookupsOf(grant))].map((lookup) => ({
          text: 'INSERT INTO grant_lookup VALUES ($1, $2, $3, $4, $5)',
          values: [...namesOf(grant), lookup, grant.grantId],
        })),
        grantCount(grant, 1),
      ]
    }
    case 'DeleteGrant': {
      const { grant } = change
      const name = { ...keyNameOf(grant), grant_id: grant.grantId }
      return [deleteFrom('grant_record', name), deleteFrom('grant_lookup', name), grantCount(grant, -1)]
    }
    case 'NoteUse':
      return [noteUse(rowOf(row))]
    case 'PutKeyring': {
      const { version, sealed } = change.keyring
      const text =
        version === 1 ? 'INSERT INTO keyring VALUES (1, $1, $2)' : 'UPDATE keyring SET version = $1, sealed = $2'
      const notice = { text: `SELECT pg_notify('${KEYRING_CHANNEL}', $1)`, values: [String(version)] }
      return [{ text, values: [version, sealed] }, notice]
    }
    case 'ExpectKey':
    case 'LimitKeys':
      return []
    default:
      return change satisfies never
  }
}

function put(kind: RecordKind, name: Columns, row: PreparedRow | undefined, isNew: boolean): Statement {
  return isNew ? insertInto(kind, rowOf(row)) : updateIn(kind, name, rowOf(row))
}

/** The key with all that belongs to it. */
function deletionOf(key: KeyRecord): readonly Statement[] {
  const name = keyNameOf(key)
  const tables = ['key', 'material', 'key_use', 'grant_record', 'grant_lookup', 'grant_count']
  const { account, region, key_id } = name
  return [
    ...tables.map((table) => deleteFrom(table, name)),
    deleteFrom('alias', { account, region, target_key_id: key_id }),
    ...countOf(key, -1),
  ]
}

/** A use from before the key was made is of another that had its id; of two uses the later one stays. */
function noteUse({ columns, text, tag }: PreparedRow): Statement {
  const names = [...RECORD_TABLES.use.columns, 'record', 'tag']
  return {
    text: `INSERT INTO key_use (${names.join(', ')})
      SELECT $1::text, $2::text, $3::text, $4::bigint, $5::text, $6::bytea WHERE EXISTS (
        SELECT 1 FROM key WHERE account = $1 AND region = $2 AND key_id = $3 AND created_at <= $4
      )
      ON CONFLICT (account, region, key_id) DO UPDATE
        SET at = excluded.at, record = excluded.record, tag = excluded.tag
        WHERE excluded.at >= key_use.at`,
    values: [...RECORD_TABLES.use.columns.map((column) => columns[column] ?? null), text, tag],
  }
}

/** AWS managed keys are not counted. */
function countOf({ account, region, managedBy }: KeyRecord, by: 1 | -1): readonly Statement[] {
  if (managedBy !== undefined) return []
  const text = `INSERT INTO key_count VALUES ($1, $2, $3)
    ON CONFLICT (account, region) DO UPDATE SET count = key_count.count + excluded.count`
  return [{ text, values: [account, region, by] }]
}

function grantCount(key: Scope & { readonly keyId: string }, by: 1 | -1): Statement {
  const text = `INSERT INTO grant_count VALUES ($1, $2, $3, $4)
    ON CONFLICT (account, region, key_id) DO UPDATE SET count = grant_count.count + excluded.count`
  return { text, values: [...namesOf(key), by] }
}

/** Of the transaction's own rows, which nobody else writes until it has ended. */
export async function countKeys(queries: Queries, { account, region }: Scope): Promise<number> {
  const name = { account, region }
  const [row] = await query(queries, `SELECT count FROM key_count WHERE ${whereIs(name, 0)}`, Object.values(name))
  return Number(row?.['count'] ?? 0)
}

/** A key by the columns that name it. */
export type KeyColumns = Readonly<Record<'account' | 'region' | 'key_id', string>>

export function keyNameOf({ account, region, keyId }: Scope & { readonly keyId: string }): KeyColumns {
  return { account, region, key_id: keyId }
}

function namesOf(key: Scope & { readonly keyId: string }): readonly Value[] {
  return Object.values(keyNameOf(key))
}

function rowOf(row: PreparedRow | undefined): PreparedRow {
  if (row === undefined) throw new TypeError('a change that writes has a row')
  return row
}
