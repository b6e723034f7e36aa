/**
 * Records as text, for stores that keep them outside this process.
 *
 * JSON, with the bytes of material as hexadecimal digits. Only members that hold bytes are written so: elsewhere a
 * record holds texts that callers chose, which must not be taken for anything else.
 */

import type { AliasRecord } from '../alias/alias.ts'
import type { GrantRecord } from '../grant/grant.ts'
import { formatHex, parseHex } from '../hex.ts'
import type { KeyRecord, MaterialRecord } from '../key/key.ts'
import type { KeyUse } from '../usage/key-use.ts'

/** What a store keeps. */
export interface StoredRecords {
  readonly key: KeyRecord
  readonly material: MaterialRecord
  readonly alias: AliasRecord
  readonly grant: GrantRecord
  readonly use: KeyUse
}

export type RecordKind = keyof StoredRecords

export function formatRecord<Kind extends RecordKind>(kind: Kind, record: StoredRecords[Kind]): string {
  return JSON.stringify(kind === 'material' ? writeBytes(record as MaterialRecord) : record)
}

/** @param text as `formatRecord` wrote it */
export function parseRecord<Kind extends RecordKind>(kind: Kind, text: string): StoredRecords[Kind] {
  const record: unknown = JSON.parse(text)
  return (kind === 'material' ? readBytes(record as TextualMaterial) : record) as StoredRecords[Kind]
}

interface TextualMaterial extends Omit<MaterialRecord, 'token' | 'publicKey'> {
  readonly token?: string
  readonly publicKey?: string
}

function writeBytes({ token, publicKey, ...rest }: MaterialRecord): TextualMaterial {
  return {
    ...rest,
    ...(token === undefined ? {} : { token: formatHex(token) }),
    ...(publicKey === undefined ? {} : { publicKey: formatHex(publicKey) }),
  }
}

function readBytes({ token, publicKey, ...rest }: TextualMaterial): MaterialRecord {
  return {
    ...rest,
    ...(token === undefined ? {} : { token: parseHex(token) as NonNullable<MaterialRecord['token']> }),
    ...(publicKey === undefined ? {} : { publicKey: parseHex(publicKey) }),
  }
}
