/** Files and folders that nobody but their owner may read. */

import { StoreError } from '@softkms/kms'
import { closeSync, mkdirSync, openSync } from 'node:fs'

const OWNER_ONLY_FILE = 0o600
const OWNER_ONLY_FOLDER = 0o700

/** Makes an empty file unless it is there. What SQLite puts beside a database has the database's mode. */
export function createPrivateFile(file: string): void {
  closeSync(openSync(file, 'a', OWNER_ONLY_FILE))
}

/** @throws StoreError `EXISTS` */
export function createNewPrivateFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', OWNER_ONLY_FILE))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new StoreError('EXISTS', `${file} is there already, and stays as it is`, { cause })
  }
}

export function createPrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER })
}
