/**
 * The store on one machine: a database in a folder that one process has open at a time.
 *
 * Commits check all of their changes before they make the first, and limits once all are made, within one transaction, so
 * nobody ever sees half.
 */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type {
  AliasRecord,
  Change,
  KeyName,
  KeyRecord,
  Page,
  PageRequest,
  PreparedRow,
  RecordGuard,
  RecordRow,
  Store,
} from '@softkms/kms'
import { CommitQueue } from './commit-queue.ts'
import { DATABASE_FILE, LOCK_FILE } from './folder.ts'
import { GrantIndex, limitsOf } from './grant-index.ts'
import { KeyCount } from './key-count.ts'
import { Keyring } from './keyring.ts'
import { LastUses } from './last-uses.ts'
import { type Lock, takeLock } from './lock.ts'
import { openDatabase } from './open-database.ts'
import { createPrivateFolder } from './private-file.ts'
import { Rows } from './rows.ts'

export interface SqliteStoreOptions {
  /** The folder; made when it is not there. */
  readonly folder: string
  readonly guard: RecordGuard
}

export interface SqliteStore extends Store {
  /** Waits for what was submitted, and lets go of the folder. */
  close(): void
}

/** Whether a folder has a store, opened or not. */
export function hasSqliteStore(folder: string): boolean {
  return existsSync(join(folder, DATABASE_FILE))
}

/** @throws StoreError */
export function openSqliteStore({ folder, guard }: SqliteStoreOptions): SqliteStore {
  createPrivateFolder(folder)
  const lock = takeLock(join(folder, LOCK_FILE), folder)
  try {
    return createStore(openDatabase(join(folder, DATABASE_FILE)), guard, lock)
  } catch (error) {
    lock.release()
    throw error
  }
}

function createStore(database: DatabaseSync, guard: RecordGuard, lock: Lock): SqliteStore {
  const keys = new Rows('key', database, guard)
  const materials = new Rows('material', database, guard)
  const aliases = new Rows('alias', database, guard)
  const grants = new Rows('grant', database, guard)
  const uses = new Rows('use', database, guard)
  const lastUses = new LastUses(database)
  const grantIndex = new GrantIndex(database)
  const keyring = new Keyring(database)
  const keyCount = new KeyCount(database)
  const queue = new CommitQueue(database)
  const listKeys = database.prepare(
    'SELECT * FROM key WHERE account = :account AND region = :region AND key_id > :after ORDER BY key_id LIMIT :limit',
  )
  const listAliases = database.prepare(
    `SELECT * FROM alias WHERE account = :account AND region = :region AND alias_name > :after
     ORDER BY alias_name LIMIT :limit`,
  )
  const listAliasesOfKey = database.prepare(
    `SELECT * FROM alias WHERE account = :account AND region = :region AND target_key_id = :key_id
     AND alias_name > :after ORDER BY alias_name LIMIT :limit`,
  )
  const listMaterials = database.prepare(
    `SELECT * FROM material WHERE (region, material_id) > (:region, :material_id)
     ORDER BY region, material_id LIMIT :limit`,
  )
  const countMaterials = database.prepare('SELECT count(*) AS count FROM material')
  const countAliases = database.prepare(
    'SELECT count(*) AS count FROM alias WHERE account = :account AND region = :region AND target_key_id = :key_id',
  )
  const nextDue = database.prepare(
    'SELECT * FROM key WHERE due_at <= :now ORDER BY due_at, account, region, key_id LIMIT 1',
  )
  const ofKey = 'account = :account AND region = :region'
  const deleteMaterialOfKey = database.prepare(`DELETE FROM material WHERE ${ofKey} AND key_id = :key_id`)
  const deleteAliasesOfKey = database.prepare(`DELETE FROM alias WHERE ${ofKey} AND target_key_id = :key_id`)

  function canApply(change: Change): boolean {
    switch (change.type) {
      case 'PutKey':
        return versionIn(keys.findLike(change.key)) === change.key.version - 1
      case 'DeleteKey':
      case 'ExpectKey':
        return versionIn(keys.findLike(change.key)) === change.key.version
      case 'PutAlias':
        return versionIn(aliases.findLike(change.alias)) === change.alias.version - 1
      case 'DeleteAlias':
        return versionIn(aliases.findLike(change.alias)) === change.alias.version
      case 'AddMaterial':
        return materials.findLike(change.material) === undefined
      case 'PutMaterial':
      case 'DeleteMaterial':
        return materials.findLike(change.material) !== undefined
      case 'AddGrant':
        return grants.findLike(change.grant) === undefined
      case 'DeleteGrant':
        return grants.findLike(change.grant) !== undefined
      case 'LimitKeys':
      case 'NoteUse':
        return true
      case 'PutKeyring':
        return (keyring.read()?.version ?? 0) === change.keyring.version - 1
      default:
        return change satisfies never
    }
  }

  /** What a change writes, with its tag, before the transaction begins; `undefined` when it writes no record. */
  async function prepare(change: Change): Promise<PreparedRow | undefined> {
    switch (change.type) {
      case 'PutKey':
        return keys.prepare(change.key)
      case 'PutAlias':
        return aliases.prepare(change.alias)
      case 'AddMaterial':
      case 'PutMaterial':
        return materials.prepare(change.material)
      case 'AddGrant':
        return grants.prepare(change.grant)
      case 'NoteUse':
        return uses.prepare(change.use)
      default:
        return undefined
    }
  }

  function apply(change: Change, row: PreparedRow | undefined): void {
    switch (change.type) {
      case 'PutKey':
        write(keys, row, change.key.version === 1)
        return change.key.version === 1 ? keyCount.add(change.key) : undefined
      case 'DeleteKey':
        return deleteKey(change.key)
      case 'ExpectKey':
      case 'LimitKeys':
        return
      case 'PutAlias':
        return write(aliases, row, change.alias.version === 1)
      case 'DeleteAlias':
        return aliases.delete(change.alias)
      case 'AddMaterial':
        return write(materials, row, true)
      case 'PutMaterial':
        return write(materials, row, false)
      case 'DeleteMaterial':
        return materials.delete(change.material)
      case 'AddGrant':
        write(grants, row, true)
        return grantIndex.add(change.grant)
      case 'DeleteGrant':
        grants.delete(change.grant)
        return grantIndex.delete(change.grant)
      case 'NoteUse':
        return lastUses.note(rowOf(row))
      case 'PutKeyring':
        return keyring.write(change.keyring)
      default:
        return change satisfies never
    }
  }

  function deleteKey(key: KeyRecord): void {
    const name = { account: key.account, region: key.region, key_id: key.keyId }
    keys.delete(key)
    keyCount.remove(key)
    deleteMaterialOfKey.run(name)
    deleteAliasesOfKey.run(name)
    lastUses.forget(name)
    grantIndex.deleteAllOf(key)
  }

  /** Of what has been made; a commit that goes past a limit is rolled back. */
  function isWithinLimit(change: Change): boolean {
    return change.type !== 'LimitKeys' || keyCount.of(change.scope) <= change.limit
  }

  async function readPage<Item>(
    { limit }: PageRequest,
    rows: readonly RecordRow[],
    read: (rows: readonly RecordRow[]) => Promise<readonly Item[]>,
  ): Promise<Page<Item>> {
    return { items: await read(rows.slice(0, limit)), isTruncated: rows.length > limit }
  }

  return {
    getKey: async ({ account, region }, keyId) => keys.read(keys.find({ account, region, key_id: keyId })),
    async listKeys({ account, region }, page) {
      const rows = listKeys.all({ account, region, ...limitsOf(page) }) as unknown as RecordRow[]
      return readPage(page, rows, (some) => keys.readAll(some))
    },
    countKeys: async (scope) => keyCount.of(scope),
    getMaterial: async (region, materialId) => materials.read(materials.find({ region, material_id: materialId })),
    async listMaterials({ after = '', limit }) {
      const slash = after.indexOf('/')
      const name = { region: after.slice(0, Math.max(0, slash)), material_id: after.slice(slash + 1) }
      const rows = listMaterials.all({ ...name, limit: limit + 1 }) as unknown as RecordRow[]
      return readPage({ limit }, rows, (some) => materials.readAll(some))
    },
    countMaterials: async () => Number(countMaterials.get()?.['count']),
    getAlias: async ({ account, region }, name) => aliases.read(aliases.find({ account, region, alias_name: name })),
    async listAliases({ account, region }, page, targetKeyId): Promise<Page<AliasRecord>> {
      const names = { account, region, ...limitsOf(page) }
      const rows =
        targetKeyId === undefined ? listAliases.all(names) : listAliasesOfKey.all({ ...names, key_id: targetKeyId })
      return readPage(page, rows as unknown as RecordRow[], (some) => aliases.readAll(some))
    },
    async countAliases({ account, region, keyId }) {
      return Number(countAliases.get({ account, region, key_id: keyId })?.['count'])
    },
    getGrant: async ({ account, region, keyId }, grantId) =>
      grants.read(grants.find({ account, region, key_id: keyId, grant_id: grantId })),
    listGrants: async (key: KeyName, page, lookup) =>
      readPage(page, grantIndex.list(key, page, lookup), (some) => grants.readAll(some)),
    countGrants: async (key) => grantIndex.count(key),
    listRetirableGrants: async (region, page, lookup) =>
      readPage(page, grantIndex.listRetirable(region, page, lookup), (some) => grants.readAll(some)),
    getLastUse: async ({ account, region, keyId }) => uses.read(uses.find({ account, region, key_id: keyId })),
    getKeyring: async () => keyring.read(),
    nextDueKey: async (now) => keys.read(nextDue.get({ now }) as RecordRow | undefined),
    async commit(changes) {
      const rows = await Promise.all(changes.map(prepare))
      const isCommitted = await queue.submit(() => {
        if (!changes.every(canApply)) return false
        for (const [index, change] of changes.entries()) apply(change, rows[index])
        return changes.every(isWithinLimit)
      })
      if (isCommitted && changes.some(isDestruction)) database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      return isCommitted
    },
    close() {
      queue.flush()
      database.close()
      lock.release()
    },
  }
}

/** What is destroyed must not stay in the journal either. */
function isDestruction({ type }: Change): boolean {
  return type === 'DeleteKey' || type === 'DeleteMaterial'
}

function versionIn(row: RecordRow | undefined): number {
  return row === undefined ? 0 : Number(row['version'])
}

function write<Kind extends 'key' | 'material' | 'alias' | 'grant'>(
  rows: Rows<Kind>,
  row: PreparedRow | undefined,
  isNew: boolean,
): void {
  if (isNew) rows.insert(rowOf(row))
  else rows.update(rowOf(row))
}

function rowOf(row: PreparedRow | undefined): PreparedRow {
  if (row === undefined) throw new TypeError('a change that writes has a row')
  return row
}
