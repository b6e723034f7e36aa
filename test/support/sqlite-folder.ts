/** A folder for one test's database, gone afterwards. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SqliteStore, openSqliteStore } from '@softkms/store-sqlite'
import { onTestFinished } from 'vitest'
import { createTestGuard } from './record-guard.ts'

/** The key of the guard, the same for all stores of a test file. */
const GUARD_KEY = new Uint8Array(32).fill(3)

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'softkms-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Closed at the end of the test, if it was not before. */
export function openStore(folder: string): SqliteStore {
  const store = openSqliteStore({ folder, guard: createTestGuard(GUARD_KEY) })
  let isOpen = true
  const close = (): void => {
    if (isOpen) store.close()
    isOpen = false
  }
  onTestFinished(close)
  return { ...store, close }
}
