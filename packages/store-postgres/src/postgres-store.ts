/** The store that any number of servers share. */

import {
  type Columns,
  type KeyringRecord,
  type Page,
  type PageRequest,
  RECORD_TABLES,
  type RecordGuard,
  type RecordKind,
  type RecordRow,
  type Store,
  type StoredRecords,
  readRow,
} from '@softkms/kms'
import { commit, countKeys, keyNameOf } from './commit.ts'
import { type Database, type Row, type Value, connect, query, toStoreError } from './connect.ts'
import { migrate } from './migrate.ts'
import { KEYRING_CHANNEL } from './schema.ts'
import { selectFrom, whereIs } from './statements.ts'

export interface PostgresStoreOptions {
  /** Such as `postgres://user@host/database`; what it leaves out comes from the variables of libpq, such as PGPASSWORD. */
  readonly url: string
  readonly guard: RecordGuard
  /** How many are kept; 10 when absent. */
  readonly connections?: number
  /** What one statement may take; 10 seconds when absent. */
  readonly statementTimeoutMs?: number
}

export interface PostgresStore extends Store {
  /**
   * Tells of each keyring that another server keeps, by a notice of the database; not of those kept while the connection
   * was broken, which is why it tells once more after it was made anew.
   */
  onKeyring(listener: () => void): Promise<void>
  close(): Promise<void>
}

const DEFAULT_CONNECTIONS = 10
const DEFAULT_STATEMENT_TIMEOUT_MS = 10_000
const CLOSE_TIMEOUT_S = 5

/** @throws StoreError when the database cannot be reached or has a later schema */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const { url, guard, connections = DEFAULT_CONNECTIONS, statementTimeoutMs = DEFAULT_STATEMENT_TIMEOUT_MS } = options
  const database = connect({ url, connections, statementTimeoutMs })
  try {
    await migrate(database)
  } catch (cause) {
    await database.end({ timeout: 0 })
    throw toStoreError(cause)
  }
  return createStore(database, guard)
}

function createStore(database: Database, guard: RecordGuard): PostgresStore {
  const rowsOf = (text: string, values: readonly Value[]): Promise<readonly Row[]> => query(database, text, values)

  async function find<Kind extends RecordKind>(kind: Kind, name: Columns): Promise<StoredRecords[Kind] | undefined> {
    const { text, values } = selectFrom(kind, name)
    const [row] = await rowsOf(text, values)
    return row && readRow(kind, toRecordRow(row), guard)
  }

  /** Rows whose `name` comes after that of the page before. */
  async function list<Kind extends RecordKind>(
    kind: Kind,
    where: Columns,
    by: string,
    { after = '', limit }: PageRequest,
  ): Promise<Page<StoredRecords[Kind]>> {
    const taken = Object.keys(where).length
    const text = `SELECT * FROM ${RECORD_TABLES[kind].name}
      WHERE ${[whereIs(where, 0), `${by} > $${taken + 1}`].filter((part) => part !== '').join(' AND ')}
      ORDER BY ${by} LIMIT $${taken + 2}`
    const rows = await rowsOf(text, [...Object.values(where), toName(after), limit + 1])
    return readPage(kind, rows, limit)
  }

  async function readPage<Kind extends RecordKind>(
    kind: Kind,
    rows: readonly Row[],
    limit: number,
  ): Promise<Page<StoredRecords[Kind]>> {
    const items = await Promise.all(rows.slice(0, limit).map((row) => readRow(kind, toRecordRow(row), guard)))
    return { items, isTruncated: rows.length > limit }
  }

  async function count(text: string, values: readonly Value[] = []): Promise<number> {
    const [row] = await rowsOf(text, values)
    return Number(row?.['count'] ?? 0)
  }

  const store: Store = {
    getKey: (scope, keyId) => find('key', keyNameOf({ ...scope, keyId })),
    listKeys: ({ account, region }, page) => list('key', { account, region }, 'key_id', page),
    countKeys: (scope) => countKeys(database, scope),
    getMaterial: (region, materialId) => find('material', { region, material_id: materialId }),
    async listMaterials({ after = '', limit }) {
      const slash = Math.max(0, after.indexOf('/'))
      const text = `SELECT * FROM material WHERE (region, material_id) > ($1, $2)
        ORDER BY region, material_id LIMIT $3`
      const rows = await rowsOf(text, [after.slice(0, slash), after.slice(slash + 1), limit + 1])
      return readPage('material', rows, limit)
    },
    countMaterials: () => count('SELECT count(*) AS count FROM material'),
    getAlias: ({ account, region }, name) => find('alias', { account, region, alias_name: toName(name) }),
    listAliases: ({ account, region }, page, targetKeyId) =>
      list(
        'alias',
        { account, region, ...(targetKeyId === undefined ? {} : { target_key_id: targetKeyId }) },
        'alias_name',
        page,
      ),
    countAliases: ({ account, region, keyId }) => {
      const name = { account, region, target_key_id: keyId }
      return count(`SELECT count(*) AS count FROM alias WHERE ${whereIs(name, 0)}`, Object.values(name))
    },
    getGrant: (key, grantId) => find('grant', { ...keyNameOf(key), grant_id: grantId }),
    async listGrants(key, page, lookup) {
      const name = keyNameOf(key)
      if (lookup === undefined) return list('grant', name, 'grant_id', page)
      const { after = '', limit } = page
      const text = `SELECT grant_record.* FROM grant_lookup JOIN grant_record USING (account, region, key_id, grant_id)
        WHERE ${whereIs(name, 0)} AND lookup = $4 AND grant_id > $5 ORDER BY grant_id LIMIT $6`
      const rows = await rowsOf(text, [...Object.values(name), toName(lookup), toName(after), limit + 1])
      return readPage('grant', rows, limit)
    },
    countGrants(key) {
      const name = keyNameOf(key)
      return count(`SELECT count FROM grant_count WHERE ${whereIs(name, 0)}`, Object.values(name))
    },
    listRetirableGrants: (region, page, retiring) =>
      list('grant', { region, retiring: toName(retiring) }, 'grant_id', page),
    getLastUse: (key) => find('use', keyNameOf(key)),
    async getKeyring() {
      const [row] = await rowsOf('SELECT version, sealed FROM keyring', [])
      return row && toKeyring(row)
    },
    async nextDueKey(now) {
      const text = 'SELECT * FROM key WHERE due_at <= $1 ORDER BY due_at, account, region, key_id LIMIT 1'
      const [row] = await rowsOf(text, [now])
      return row && readRow('key', toRecordRow(row), guard)
    },
    commit: (changes) => commit(database, guard, changes),
  }
  return {
    ...withStoreErrors(store),
    async onKeyring(listener) {
      await database.listen(KEYRING_CHANNEL, listener, listener)
    },
    close: () => database.end({ timeout: CLOSE_TIMEOUT_S }),
  }
}

/** Each method of a store, with the database's faults told as a store's. */
function withStoreErrors(store: Store): Store {
  const entries = Object.entries(store).map(([name, method]) => [
    name,
    async (...parameters: unknown[]): Promise<unknown> => {
      try {
        return await (method as (...all: unknown[]) => Promise<unknown>)(...parameters)
      } catch (cause) {
        throw toStoreError(cause)
      }
    },
  ])
  return Object.fromEntries(entries) as Store
}

/** The driver gives bytes as `Buffer`, which tests and callers would tell from `Uint8Array`. */
function toBytes(value: unknown): Uint8Array {
  return Uint8Array.from(value as Uint8Array)
}

function toRecordRow(row: Row): RecordRow {
  return { ...row, tag: toBytes(row['tag']) } as unknown as RecordRow
}

function toKeyring(row: Row): KeyringRecord {
  return { version: Number(row['version']), sealed: toBytes(row['sealed']) }
}

/** A text that may be anything, as the name it is compared as: the database has no NUL, and no name has one. */
function toName(text: string): string {
  return text.replaceAll('\0', '\u0001')
}
