/** How many keys customers manage in each account and Region, counted as they come and go. */

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { KeyRecord, Scope } from '@softkms/kms'

export class KeyCount {
  readonly #change: StatementSync
  readonly #count: StatementSync

  constructor(database: DatabaseSync) {
    this.#change = database.prepare(
      `INSERT INTO key_count VALUES (:account, :region, :by)
       ON CONFLICT DO UPDATE SET count = count + excluded.count`,
    )
    this.#count = database.prepare('SELECT count FROM key_count WHERE account = :account AND region = :region')
  }

  add(key: KeyRecord): void {
    this.#changeBy(key, 1)
  }

  remove(key: KeyRecord): void {
    this.#changeBy(key, -1)
  }

  of({ account, region }: Scope): number {
    return Number(this.#count.get({ account, region })?.['count'] ?? 0)
  }

  #changeBy({ account, region, managedBy }: KeyRecord, by: 1 | -1): void {
    if (managedBy === undefined) this.#change.run({ account, region, by })
  }
}
