/** How grants are found without looking at the others of their key, and counted without counting. */

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type GrantRecord, type KeyName, type PageRequest, type RecordRow, lookupsOf } from '@softkms/kms'

export class GrantIndex {
  readonly #addLookup: StatementSync
  readonly #deleteLookups: StatementSync
  readonly #change: StatementSync
  readonly #count: StatementSync
  readonly #list: StatementSync
  readonly #listByLookup: StatementSync
  readonly #listRetirable: StatementSync
  readonly #deleteAll: readonly StatementSync[]

  constructor(database: DatabaseSync) {
    const onKey = 'account = :account AND region = :region AND key_id = :key_id'
    this.#addLookup = database.prepare(
      'INSERT INTO grant_lookup VALUES (:account, :region, :key_id, :lookup, :grant_id)',
    )
    this.#deleteLookups = database.prepare(
      `DELETE FROM grant_lookup WHERE ${onKey} AND lookup = :lookup AND grant_id = :grant_id`,
    )
    this.#change = database.prepare(
      `INSERT INTO grant_count VALUES (:account, :region, :key_id, :by)
       ON CONFLICT DO UPDATE SET count = count + excluded.count`,
    )
    this.#count = database.prepare(`SELECT count FROM grant_count WHERE ${onKey}`)
    this.#list = database.prepare(
      `SELECT * FROM grant_record WHERE ${onKey} AND grant_id > :after ORDER BY grant_id LIMIT :limit`,
    )
    this.#listByLookup = database.prepare(
      `SELECT grant_record.* FROM grant_lookup JOIN grant_record USING (account, region, key_id, grant_id)
       WHERE ${onKey} AND lookup = :lookup AND grant_id > :after ORDER BY grant_id LIMIT :limit`,
    )
    this.#listRetirable = database.prepare(
      `SELECT * FROM grant_record WHERE region = :region AND retiring = :retiring AND grant_id > :after
       ORDER BY grant_id LIMIT :limit`,
    )
    this.#deleteAll = ['grant_record', 'grant_lookup', 'grant_count'].map((table) =>
      database.prepare(`DELETE FROM ${table} WHERE ${onKey}`),
    )
  }

  add(grant: GrantRecord): void {
    for (const lookup of new Set(lookupsOf(grant)))
      this.#addLookup.run({ ...nameOf(grant), lookup, grant_id: grant.grantId })
    this.#change.run({ ...nameOf(grant), by: 1 })
  }

  delete(grant: GrantRecord): void {
    for (const lookup of lookupsOf(grant))
      this.#deleteLookups.run({ ...nameOf(grant), lookup, grant_id: grant.grantId })
    this.#change.run({ ...nameOf(grant), by: -1 })
  }

  deleteAllOf(key: KeyName): void {
    for (const statement of this.#deleteAll) statement.run(nameOf(key))
  }

  count(key: KeyName): number {
    const row = this.#count.get(nameOf(key)) as { readonly count: number } | undefined
    return row?.count ?? 0
  }

  list(key: KeyName, page: PageRequest, lookup: string | undefined): readonly RecordRow[] {
    const names = { ...nameOf(key), ...limitsOf(page) }
    return (lookup === undefined
      ? this.#list.all(names)
      : this.#listByLookup.all({ ...names, lookup })) as unknown as RecordRow[]
  }

  listRetirable(region: string, page: PageRequest, retiring: string): readonly RecordRow[] {
    return this.#listRetirable.all({ region, retiring, ...limitsOf(page) }) as unknown as RecordRow[]
  }
}

function nameOf({ account, region, keyId }: KeyName): { account: string; region: string; key_id: string } {
  return { account, region, key_id: keyId }
}

/** One more than the page holds tells whether there are more. */
export function limitsOf({ after = '', limit }: PageRequest): { after: string; limit: number } {
  return { after, limit: limit + 1 }
}
