/** The statements on the rows of one kind of record, with their parameters in order. */

import { type Columns, RECORD_TABLES, type RecordKind } from '@softkms/kms'
import type { Value } from './connect.ts'

export interface Statement {
  readonly text: string
  readonly values: readonly Value[]
}

type RowValues = { readonly columns: Columns; readonly text: string; readonly tag: Uint8Array }

export function selectFrom(kind: RecordKind, name: Columns, lock: '' | 'FOR UPDATE' | 'FOR SHARE' = ''): Statement {
  return {
    text: `SELECT * FROM ${RECORD_TABLES[kind].name} WHERE ${whereIs(name, 0)} ${lock}`,
    values: Object.values(name),
  }
}

export function insertInto(kind: RecordKind, { columns, text, tag }: RowValues): Statement {
  const names = [...Object.keys(columns), 'record', 'tag']
  const places = names.map((_, i) => `$${i + 1}`)
  return {
    text: `INSERT INTO ${RECORD_TABLES[kind].name} (${names.join(', ')}) VALUES (${places.join(', ')})`,
    values: [...Object.values(columns), text, tag],
  }
}

export function updateIn(kind: RecordKind, name: Columns, { columns, text, tag }: RowValues): Statement {
  const names = [...Object.keys(columns), 'record', 'tag']
  const assignments = names.map((column, i) => `${column} = $${i + 1}`)
  return {
    text: `UPDATE ${RECORD_TABLES[kind].name} SET ${assignments.join(', ')} WHERE ${whereIs(name, names.length)}`,
    values: [...Object.values(columns), text, tag, ...Object.values(name)],
  }
}

export function deleteFrom(table: string, name: Columns): Statement {
  return { text: `DELETE FROM ${table} WHERE ${whereIs(name, 0)}`, values: Object.values(name) }
}

/** @param from how many parameters come before */
export function whereIs(name: Columns, from: number): string {
  return Object.keys(name)
    .map((column, i) => `${column} = $${from + i + 1}`)
    .join(' AND ')
}
