/** Records as rows, for stores that keep them so: written with their tag, and read only when tag and columns fit. */

import type { RecordGuard } from './record-guard.ts'
import { type Columns, RECORD_TABLES, type RecordTable } from './record-tables.ts'
import { type RecordKind, type StoredRecords, formatRecord, parseRecord } from './record-text.ts'
import { StoreError } from './store-error.ts'

/** A row as a database gives it: its columns, the record's text and its tag. */
export interface RecordRow {
  readonly [column: string]: unknown
  readonly record: string
  readonly tag: Uint8Array
}

/** What becomes of one row, prepared before its transaction begins. */
export interface PreparedRow {
  readonly columns: Columns
  readonly text: string
  readonly tag: Uint8Array
}

export async function prepareRow<Kind extends RecordKind>(
  kind: Kind,
  record: StoredRecords[Kind],
  guard: RecordGuard,
): Promise<PreparedRow> {
  const text = formatRecord(kind, record)
  return { columns: tableOf(kind).columnsOf(record), text, tag: await guard.protect(kind, text) }
}

/** @throws StoreError `ALTERED_RECORD` */
export async function readRow<Kind extends RecordKind>(
  kind: Kind,
  row: RecordRow,
  guard: RecordGuard,
): Promise<StoredRecords[Kind]> {
  const table = tableOf(kind)
  const altered = (): StoreError => {
    const name = JSON.stringify(table.key.map((column) => row[column]))
    return new StoreError('ALTERED_RECORD', `the ${kind} ${name} is not as this KMS wrote it`)
  }
  if (!(await guard.verify(kind, row.record, row.tag))) throw altered()
  const record = parseRecord(kind, row.record)
  const columns = Object.entries(table.columnsOf(record))
  if (columns.some(([name, value]) => row[name] !== value)) throw altered()
  return record
}

/** The columns by which a record is found, with their values. */
export function nameOfRecord<Kind extends RecordKind>(kind: Kind, record: StoredRecords[Kind]): Columns {
  const { key, columnsOf } = tableOf(kind)
  const columns = columnsOf(record)
  return Object.fromEntries(key.map((name) => [name, columns[name] ?? null]))
}

function tableOf<Kind extends RecordKind>(kind: Kind): RecordTable<Kind> {
  return RECORD_TABLES[kind]
}
