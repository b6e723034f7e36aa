import { type PostgresStore, openPostgresStore } from '@softkms/store-postgres'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { lacksPostgres, type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { createTestGuard } from '../support/record-guard.ts'
import { describeStore } from './store.ts'

describe.skipIf(lacksPostgres())('with a server of its own (needs PostgreSQL)', () => {
  let server: PostgresServer
  const opened: PostgresStore[] = []
  const urls = new Map<unknown, string>()
  beforeAll(async () => {
    server = await startPostgres('fsync=off')
  }, 60_000)
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()))
  })
  afterAll(() => server.stop())

  const guard = createTestGuard()
  const open = async (url: string): Promise<PostgresStore> => {
    const store = await openPostgresStore({ url, guard, connections: 4 })
    opened.push(store)
    return store
  }

  describeStore('the PostgreSQL store', {
    async open() {
      const url = await server.createDatabase()
      const store = await open(url)
      urls.set(store, url)
      return store
    },
    reopen: (store) => open(urls.get(store) ?? ''),
  })
})
