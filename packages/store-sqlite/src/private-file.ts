/** Files and folders that nobody but their owner may read. */

import { closeSync, mkdirSync, openSync } from 'node:fs'

const OWNER_ONLY_FILE = 0o600
const OWNER_ONLY_FOLDER = 0o700

/** Makes an empty file unless it is there. What SQLite puts beside a database has the database's mode. */
export function createPrivateFile(file: string): void {
  closeSync(openSync(file, 'a', OWNER_ONLY_FILE))
}

export function createPrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER })
}
