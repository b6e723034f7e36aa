/** The last uses of keys: the later one stays, and none without its key. */

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { PreparedRow } from '@softkms/kms'

export class LastUses {
  readonly #note: StatementSync
  readonly #forget: StatementSync

  constructor(database: DatabaseSync) {
    // A use from before the key was made is of another that had its id.
    this.#note = database.prepare(
      `INSERT INTO key_use
       SELECT :account, :region, :key_id, :at, :record, :tag WHERE EXISTS (
         SELECT 1 FROM key WHERE account = :account AND region = :region AND key_id = :key_id AND created_at <= :at
       )
       ON CONFLICT DO UPDATE SET at = excluded.at, record = excluded.record, tag = excluded.tag
       WHERE excluded.at >= key_use.at`,
    )
    this.#forget = database.prepare(
      'DELETE FROM key_use WHERE account = :account AND region = :region AND key_id = :key_id',
    )
  }

  note({ columns, text, tag }: PreparedRow): void {
    this.#note.run({ ...columns, record: text, tag })
  }

  /** @param name account, Region and id of a key */
  forget(name: { readonly account: string; readonly region: string; readonly key_id: string }): void {
    this.#forget.run(name)
  }
}
