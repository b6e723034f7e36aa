import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SqliteStore, openSqliteStore } from '@softkms/store-sqlite'
import { afterEach } from 'vitest'
import { createTestGuard } from '../support/record-guard.ts'
import { describeStore } from './store.ts'

const opened: { readonly store: SqliteStore; readonly folder: string }[] = []
afterEach(() => {
  for (const { store, folder } of opened.splice(0)) {
    store.close()
    rmSync(folder, { recursive: true })
  }
})

describeStore('the SQLite store', {
  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'softkms-'))
    const store = openSqliteStore({ folder, guard: createTestGuard() })
    opened.push({ store, folder })
    return store
  },
})
