/** Opening a database: by several at once, by a role with few rights, of a later release, and where there is none. */
import { readFileSync } from 'node:fs'
import { StoreError } from '@softkms/kms'
import { connect } from '../../packages/store-postgres/src/connect.ts'
import { migrate } from '../../packages/store-postgres/src/migrate.ts'
import { MIGRATIONS } from '../../packages/store-postgres/src/schema.ts'
import { ROLE_SCRIPT, openPostgresStore } from '@softkms/store-postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacksPostgres, type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { createTestGuard } from '../support/record-guard.ts'
import { SCOPE, createKeyRecord, createMaterialRecord } from '../support/records.ts'

const guard = createTestGuard()

describe.skipIf(lacksPostgres())('a database (needs PostgreSQL)', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres('fsync=off')
  }, 60_000)
  afterAll(() => server.stop())

  test('that many open at once gets its tables once', async () => {
    const url = await server.createDatabase()
    const stores = await Promise.all(Array.from({ length: 6 }, () => openPostgresStore({ url, guard, connections: 2 })))
    expect(await server.run(url, 'SELECT version FROM softkms_schema')).toEqual([{ version: '1' }])
    await Promise.all(stores.map((store) => store.close()))
  })

  test('serves a role with no more rights than the script gives', async () => {
    const url = await server.createDatabase()
    await (await openPostgresStore({ url, guard })).close()
    await server.run(url, ROLE_SCRIPT)
    const asServer = url.replace('softkms@', 'softkms_server@')
    const store = await openPostgresStore({ url: asServer, guard })
    const key = createKeyRecord(1)
    const material = createMaterialRecord(1)
    expect(
      await store.commit([
        { type: 'PutKey', key },
        { type: 'AddMaterial', material },
        { type: 'PutKeyring', keyring: { version: 1, sealed: Uint8Array.of(1) } },
      ]),
    ).toBe(true)
    expect(await store.getKey(SCOPE, key.keyId)).toEqual(key)
    expect(await store.commit([{ type: 'PutKeyring', keyring: { version: 2, sealed: Uint8Array.of(2) } }])).toBe(true)
    expect(await store.commit([{ type: 'DeleteKey', key }])).toBe(true)
    await store.close()
    await expect(server.run(asServer, 'DROP TABLE key')).rejects.toThrow('must be owner')
    await expect(server.run(asServer, 'DELETE FROM keyring')).rejects.toThrow('permission denied')
    const sql = ROLE_SCRIPT.split('\n').slice(1).join('\n').trim()
    expect(readFileSync(new URL('../../docs/storage.md', import.meta.url), 'utf8')).toContain(sql)
  })

  test('of an earlier release goes forward, or stays as it was when a step fails', async () => {
    const url = await server.createDatabase()
    const store = await openPostgresStore({ url, guard })
    const key = createKeyRecord(1)
    await store.commit([{ type: 'PutKey', key }])
    const database = connect({ url, connections: 1, statementTimeoutMs: 5000 })
    const next = 'ALTER TABLE key ADD COLUMN colour TEXT'
    await expect(migrate(database, [...MIGRATIONS, next, 'ALTER TABLE nothing ADD x TEXT'])).rejects.toThrow('nothing')
    expect(await server.run(url, 'SELECT version FROM softkms_schema')).toEqual([{ version: '1' }])
    expect(await store.getKey(SCOPE, key.keyId)).toEqual(key)
    await migrate(database, [...MIGRATIONS, next])
    expect(await server.run(url, 'SELECT count(*) FROM key WHERE colour IS NULL')).toEqual([{ count: '1' }])
    await database.end()
    await store.close()
    await expect(openPostgresStore({ url, guard })).rejects.toMatchObject({ code: 'NEWER_SCHEMA' })
  })

  test('of a later release is refused and left as it is', async () => {
    const url = await server.createDatabase()
    await server.run(
      url,
      'CREATE TABLE softkms_schema (version BIGINT NOT NULL); INSERT INTO softkms_schema VALUES (7)',
    )
    await expect(openPostgresStore({ url, guard })).rejects.toMatchObject({
      code: 'NEWER_SCHEMA',
      message: 'the database has schema 7, and this softkms knows 1',
    })
    expect(await server.run(url, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).toEqual([
      { tablename: 'softkms_schema' },
    ])
  })

  test('a statement has its time', async () => {
    const url = await server.createDatabase()
    const [holder, store] = [
      await openPostgresStore({ url, guard }),
      await openPostgresStore({ url, guard, statementTimeoutMs: 200 }),
    ]
    const key = createKeyRecord(1)
    await holder.commit([{ type: 'PutKey', key }])
    const release = await server.hold(url, 'BEGIN; LOCK TABLE key')
    await expect(store.getKey(SCOPE, key.keyId)).rejects.toMatchObject({ code: 'TIMED_OUT' })
    await release()
    await expect(store.getKey(SCOPE, key.keyId)).resolves.toEqual(key)
    await Promise.all([holder, store].map((one) => one.close()))
  })

  test('a key of which somebody changed a date in the database is refused', async () => {
    const url = await server.createDatabase()
    const store = await openPostgresStore({ url, guard })
    const key = createKeyRecord(1)
    await store.commit([{ type: 'PutKey', key }])
    await server.run(url, 'UPDATE key SET created_at = created_at + 1')
    await expect(store.getKey(SCOPE, key.keyId)).rejects.toMatchObject({ code: 'ALTERED_RECORD' })
    await store.close()
  })
})

test('where nothing listens, opening fails in words', async () => {
  const failed: unknown = await openPostgresStore({ url: 'postgres://x@127.0.0.1:1/x', guard }).catch(
    (error: unknown) => error,
  )
  expect(failed).toBeInstanceOf(StoreError)
  expect(failed).toMatchObject({ code: 'TIMED_OUT' })
})
