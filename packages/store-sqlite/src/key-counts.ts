/** How many keys customers manage, kept up with each commit. */

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type KeyRecord, type Scope, isCounted } from '@softkms/kms'

export class KeyCounts {
  readonly #find: StatementSync
  readonly #change: StatementSync

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT count FROM key_count WHERE account = :account AND region = :region')
    this.#change = database.prepare(
      `INSERT INTO key_count VALUES (:account, :region, :by)
       ON CONFLICT DO UPDATE SET count = count + excluded.count`,
    )
  }

  of({ account, region }: Scope): number {
    const row = this.#find.get({ account, region }) as { readonly count: number } | undefined
    return row?.count ?? 0
  }

  /** Takes notice of a key that came, or of one that went. */
  change(key: KeyRecord, by: 1 | -1): void {
    if (isCounted(key)) this.#change.run({ account: key.account, region: key.region, by })
  }
}
