/** The one row of the sealed domain keyring, which needs no tag: whoever opens it finds out. */

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { KeyringRecord } from '@softkms/kms'

export class Keyring {
  readonly #find: StatementSync
  readonly #write: StatementSync

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT version, sealed FROM keyring')
    this.#write = database.prepare('INSERT OR REPLACE INTO keyring VALUES (1, :version, :sealed)')
  }

  read(): KeyringRecord | undefined {
    const row = this.#find.get() as unknown as KeyringRecord | undefined
    return row && { version: row.version, sealed: row.sealed }
  }

  write({ version, sealed }: KeyringRecord): void {
    this.#write.run({ version, sealed })
  }
}
