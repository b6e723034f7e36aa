/** The rows of one kind of record. */

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type Columns,
  type PreparedRow,
  RECORD_TABLES,
  type RecordGuard,
  type RecordKind,
  type RecordRow,
  type StoredRecords,
  nameOfRecord,
  prepareRow,
  readRow,
} from '@softkms/kms'

export class Rows<Kind extends RecordKind> {
  readonly #kind: Kind
  readonly #guard: RecordGuard
  readonly #insert: StatementSync
  readonly #update: StatementSync
  readonly #delete: StatementSync
  readonly #find: StatementSync

  constructor(kind: Kind, database: DatabaseSync, guard: RecordGuard) {
    const table = RECORD_TABLES[kind]
    const isKey = table.key.map((name) => `${name} = :${name}`).join(' AND ')
    const values = [...table.columns, 'record', 'tag']
    this.#kind = kind
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
    return prepareRow(this.#kind, record, this.#guard)
  }

  insert({ columns, text, tag }: PreparedRow): void {
    this.#insert.run({ ...columns, record: text, tag })
  }

  update({ columns, text, tag }: PreparedRow): void {
    this.#update.run({ ...columns, record: text, tag })
  }

  delete(record: StoredRecords[Kind]): void {
    this.#delete.run({ ...nameOfRecord(this.#kind, record) })
  }

  /** The row under the record's name, whatever version of the record it holds. */
  findLike(record: StoredRecords[Kind]): RecordRow | undefined {
    return this.find(nameOfRecord(this.#kind, record))
  }

  /** @param name a value for each column of the table's key */
  find(name: Columns): RecordRow | undefined {
    return this.#find.get({ ...name }) as RecordRow | undefined
  }

  /** @throws StoreError `ALTERED_RECORD` */
  async read(row: RecordRow | undefined): Promise<StoredRecords[Kind] | undefined> {
    return row && readRow(this.#kind, row, this.#guard)
  }

  async readAll(rows: readonly RecordRow[]): Promise<StoredRecords[Kind][]> {
    return Promise.all(rows.map((row) => readRow(this.#kind, row, this.#guard)))
  }
}
