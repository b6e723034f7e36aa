/**
 * The lock of a store's folder: one process writes at a time.
 *
 * A database of its own, locked for as long as it is open. The system lets go of it however the process ends, so no
 * lock is ever left behind.
 */

import { DatabaseSync } from 'node:sqlite'
import { StoreError } from '@softkms/kms'
import { createPrivateFile } from './private-file.ts'

export interface Lock {
  release(): void
}

/** @throws StoreError `LOCKED` when another process has it */
export function takeLock(file: string, folder: string): Lock {
  createPrivateFile(file)
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    database.close()
    throw new StoreError('LOCKED', `another process has ${folder} open`, { cause })
  }
  return { release: () => database.close() }
}
