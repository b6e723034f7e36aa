/** Records as rows: written with their tag, and read only when tag and columns fit. */

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import {
  type RecordGuard,
  type RecordKind,
  StoreError,
  type StoredRecords,
  formatRecord,
  parseRecord,
} from '@softkms/kms'
import { type Columns, TABLES, type Table } from './tables.ts'

/** A row as SQLite gives it. */
export interface Row extends Columns {
  readonly record: string
  readonly tag: Uint8Array
}

/** What becomes of one row, prepared before its transaction begins. */
export interface PreparedRow {
  readonly columns: Columns
  readonly text: string
  readonly tag: Uint8Array
}

export class Rows<Kind extends RecordKind> {
  readonly #kind: Kind
  readonly #table: Table<Kind>
  readonly #guard: RecordGuard
  readonly #insert: StatementSync
  readonly #update: StatementSync
  readonly #delete: StatementSync
  readonly #find: StatementSync

  constructor(kind: Kind, database: DatabaseSync, guard: RecordGuard) {
    const table = TABLES[kind] as unknown as Table<Kind>
    const isKey = table.key.map((name) => `${name} = :${name}`).join(' AND ')
    const values = [...table.columns, 'record', 'tag']
    this.#kind = kind
    this.#table = table
    this.#guard = guard
    this.#insert = database.prepare(
      `INSERT INTO ${table.name} (${values.join(', ')}) VALUES (${values.map((name) => `:${name}`).join(', ')})`,
    )
    this.#update = database.prepare(
      `UPDATE ${table.name} SET ${values.map((name) => `${name} = :${name}`).join(', ')} WHERE ${isKey}`,
    )
    this.#delete = database.prepare(`DELETE FROM ${table.name} WHERE ${isKey}`)
    this.#find = database.prepare(`SELECT * FROM ${table.name} WHERE ${isKey}`)
  }

  async prepare(record: StoredRecords[Kind]): Promise<PreparedRow> {
    const text = formatRecord(this.#kind, record)
    return { columns: this.#table.columnsOf(record), text, tag: await this.#guard.protect(this.#kind, text) }
  }

  insert({ columns, text, tag }: PreparedRow): void {
    this.#insert.run({ ...columns, record: text, tag })
  }

  update({ columns, text, tag }: PreparedRow): void {
    this.#update.run({ ...columns, record: text, tag })
  }

  delete(record: StoredRecords[Kind]): void {
    this.#delete.run(this.#keyOf(this.#table.columnsOf(record)))
  }

  /** The row under the record's name, whatever version of the record it holds. */
  findLike(record: StoredRecords[Kind]): Row | undefined {
    return this.find(this.#keyOf(this.#table.columnsOf(record)))
  }

  /** @param name a value for each column of the table's key */
  find(name: Columns): Row | undefined {
    return this.#find.get({ ...name }) as Row | undefined
  }

  /** @throws StoreError `ALTERED_RECORD` */
  async read(row: Row | undefined): Promise<StoredRecords[Kind] | undefined> {
    if (row === undefined) return undefined
    if (!(await this.#guard.verify(this.#kind, row.record, row.tag))) throw this.#altered(row)
    const record = parseRecord(this.#kind, row.record)
    const columns = Object.entries(this.#table.columnsOf(record))
    if (columns.some(([name, value]) => row[name] !== value)) throw this.#altered(row)
    return record
  }

  async readAll(rows: readonly Row[]): Promise<StoredRecords[Kind][]> {
    const records = await Promise.all(rows.map((row) => this.read(row)))
    return records.filter((record) => record !== undefined)
  }

  #keyOf(columns: Columns): Record<string, SQLInputValue> {
    return Object.fromEntries(this.#table.key.map((name) => [name, columns[name] ?? null]))
  }

  #altered(row: Row): StoreError {
    const name = JSON.stringify(this.#table.key.map((column) => row[column]))
    return new StoreError('ALTERED_RECORD', `the ${this.#kind} ${name} is not as this KMS wrote it`)
  }
}
