/**
 * What each kind of record is found by, for stores that keep records as rows: the columns that stand beside its text.
 */

import { retiringLookupOf } from '../grant/lookup.ts'
import { dueAt } from '../key/key.ts'
import type { RecordKind, StoredRecords } from './record-text.ts'

export type Columns = Readonly<Record<string, string | number | null>>

export interface RecordTable<Kind extends RecordKind> {
  readonly name: string
  /** Names of all columns but the record's text and its tag. */
  readonly columns: readonly string[]
  /** Those that name a row. */
  readonly key: readonly string[]
  readonly columnsOf: (record: StoredRecords[Kind]) => Columns
}

export const RECORD_TABLES: { readonly [Kind in RecordKind]: RecordTable<Kind> } = {
  key: {
    name: 'key',
    columns: ['account', 'region', 'key_id', 'version', 'created_at', 'due_at'],
    key: ['account', 'region', 'key_id'],
    columnsOf: (record) => ({
      account: record.account,
      region: record.region,
      key_id: record.keyId,
      version: record.version,
      created_at: record.createdAt,
      due_at: dueAt(record) ?? null,
    }),
  },
  material: {
    name: 'material',
    columns: ['region', 'material_id', 'account', 'key_id'],
    key: ['region', 'material_id'],
    columnsOf: (record) => ({
      region: record.region,
      material_id: record.materialId,
      account: record.account,
      key_id: record.keyId,
    }),
  },
  alias: {
    name: 'alias',
    columns: ['account', 'region', 'alias_name', 'version', 'target_key_id'],
    key: ['account', 'region', 'alias_name'],
    columnsOf: (record) => ({
      account: record.account,
      region: record.region,
      alias_name: record.aliasName,
      version: record.version,
      target_key_id: record.targetKeyId,
    }),
  },
  grant: {
    name: 'grant_record',
    columns: ['account', 'region', 'key_id', 'grant_id', 'retiring'],
    key: ['account', 'region', 'key_id', 'grant_id'],
    columnsOf: (record) => ({
      account: record.account,
      region: record.region,
      key_id: record.keyId,
      grant_id: record.grantId,
      retiring: retiringLookupOf(record) ?? null,
    }),
  },
  use: {
    name: 'key_use',
    columns: ['account', 'region', 'key_id', 'at'],
    key: ['account', 'region', 'key_id'],
    columnsOf: (record) => ({
      account: record.account,
      region: record.region,
      key_id: record.keyId,
      at: record.at,
    }),
  },
}
