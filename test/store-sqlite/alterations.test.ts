/** Records that were changed in the database: each is refused and named, and no other is. */
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { StoreError, lookupsOf } from '@softkms/kms'
import type { SqliteStore } from '@softkms/store-sqlite'
import { expect, test } from 'vitest'
import {
  SCOPE,
  aliasNameOf,
  createAliasRecord,
  createGrantRecord,
  createKeyRecord,
  createMaterialRecord,
  dyingAt,
  grantIdOf,
  keyIdOf,
  materialIdOf,
} from '../support/records.ts'
import { makeFolder, openStore } from '../support/sqlite-folder.ts'

const retiring = { type: 'principal', name: `arn:aws:iam::${SCOPE.account}:user/retirer` } as const

async function fill(store: SqliteStore): Promise<void> {
  for (const number of [1, 2]) {
    await store.commit([
      { type: 'PutKey', key: createKeyRecord(number, { life: dyingAt(number, 5) }) },
      { type: 'AddMaterial', material: createMaterialRecord(number) },
      { type: 'PutAlias', alias: createAliasRecord(`name${number}`, number) },
      { type: 'AddGrant', grant: createGrantRecord(number, number, { retiring }) },
    ])
  }
}

const READERS: Readonly<Record<string, (store: SqliteStore, number: number) => Promise<unknown>>> = {
  key: (store, number) => store.getKey(SCOPE, keyIdOf(number)),
  material: (store, number) => store.getMaterial(SCOPE.region, materialIdOf(number)),
  alias: (store, number) => store.getAlias(SCOPE, aliasNameOf(`name${number}`)),
  grant_record: (store, number) => store.getGrant({ ...SCOPE, keyId: keyIdOf(number) }, grantIdOf(number)),
}

interface Alteration {
  readonly what: string
  readonly table: string
  readonly sql: string
  readonly values?: readonly SQLInputValue[]
}

const OF_FIRST = `key_id = '${keyIdOf(1)}'`
const ALTERATIONS: readonly Alteration[] = [
  { what: 'a policy', table: 'key', sql: `SET record = replace(record, 'kms:*', 'kms:Put*') WHERE ${OF_FIRST}` },
  {
    what: 'a state',
    table: 'key',
    sql: `SET record = replace(record, 'PendingDeletion', 'Enabled') WHERE ${OF_FIRST}`,
  },
  { what: 'a date', table: 'key', sql: `SET record = replace(record, ':5', ':6') WHERE ${OF_FIRST}` },
  { what: 'when it is due', table: 'key', sql: `SET due_at = 4 WHERE ${OF_FIRST}` },
  { what: 'that nothing is due', table: 'key', sql: `SET due_at = NULL WHERE ${OF_FIRST}` },
  { what: 'a version', table: 'key', sql: `SET version = 7 WHERE ${OF_FIRST}` },
  { what: 'a tag', table: 'key', sql: `SET tag = zeroblob(32) WHERE ${OF_FIRST}` },
  { what: 'the length of a tag', table: 'key', sql: `SET tag = x'' WHERE ${OF_FIRST}` },
  {
    what: "another key's record under its name",
    table: 'key',
    sql: `SET record = other.record, tag = other.tag FROM key AS other
          WHERE key.${OF_FIRST} AND other.key_id = '${keyIdOf(2)}'`,
  },
  { what: 'wrapped material', table: 'material', sql: `SET record = replace(record, '00', '01') WHERE ${OF_FIRST}` },
  { what: 'whose material it is', table: 'material', sql: `SET key_id = '${keyIdOf(2)}' WHERE ${OF_FIRST}` },
  {
    what: 'where an alias points',
    table: 'alias',
    sql: `SET target_key_id = '${keyIdOf(2)}' WHERE target_key_id = '${keyIdOf(1)}'`,
  },
  {
    what: 'where an alias points, in its record too',
    table: 'alias',
    sql: `SET target_key_id = '${keyIdOf(2)}', record = replace(record, '${keyIdOf(1)}', '${keyIdOf(2)}')
          WHERE target_key_id = '${keyIdOf(1)}'`,
  },
  {
    what: 'operations of a grant',
    table: 'grant_record',
    sql: `SET record = replace(record, 'Decrypt', 'Encrypt') WHERE ${OF_FIRST}`,
  },
  { what: 'who may retire a grant', table: 'grant_record', sql: `SET retiring = 'me' WHERE ${OF_FIRST}` },
]

test.each(ALTERATIONS)('$what, in table $table', async ({ table, sql }) => {
  const folder = makeFolder()
  const before = openStore(folder)
  await fill(before)
  before.close()
  const database = new DatabaseSync(join(folder, 'softkms.db'))
  expect(database.prepare(`UPDATE ${table} ${sql}`).run().changes).toBe(1)
  database.close()

  const store = openStore(folder)
  const read = READERS[table] ?? (() => Promise.reject(new Error('no reader')))
  const refusal: unknown = await read(store, 1).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(StoreError)
  expect(refusal).toMatchObject({ code: 'ALTERED_RECORD', message: expect.stringContaining(SCOPE.region) as string })
  await expect(read(store, 2)).resolves.toBeDefined()
})

test('a grant that was put under a name that is not its own is found and refused', async () => {
  const folder = makeFolder()
  const before = openStore(folder)
  await fill(before)
  before.close()
  const database = new DatabaseSync(join(folder, 'softkms.db'))
  database.exec(`UPDATE grant_record SET key_id = '${keyIdOf(2)}' WHERE ${OF_FIRST}`)
  database.exec(`UPDATE grant_lookup SET key_id = '${keyIdOf(2)}' WHERE ${OF_FIRST}`)
  database.close()
  const [lookup] = lookupsOf(createGrantRecord(1, 1))
  const listed = openStore(folder).listGrants({ ...SCOPE, keyId: keyIdOf(2) }, { limit: 9 }, lookup)
  await expect(listed).rejects.toMatchObject({ code: 'ALTERED_RECORD' })
})
