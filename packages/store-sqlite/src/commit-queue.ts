/**
 * Commits that come at the same time share one transaction, and so one wait for the disk.
 *
 * Each of them still succeeds or fails by itself, in the order in which they came, and none is acknowledged before all
 * of them are on the disk.
 */

import type { DatabaseSync } from 'node:sqlite'

interface Waiting {
  /** @returns whether its changes are to stay */
  readonly apply: () => boolean
  readonly resolve: (isCommitted: boolean) => void
  readonly reject: (cause: unknown) => void
}

export class CommitQueue {
  readonly #database: DatabaseSync
  #waiting: Waiting[] = []

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  submit(apply: () => boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.flush())
      this.#waiting.push({ apply, resolve, reject })
    })
  }

  /** Commits whatever waits, now. */
  flush(): void {
    const group = this.#waiting
    this.#waiting = []
    if (group.length === 0) return
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      const outcomes = group.map((one) => this.#applyOne(one))
      this.#database.exec('COMMIT')
      for (const settle of outcomes) settle()
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      for (const { reject } of group) reject(cause)
    }
  }

  /** @returns how to tell what came of it, once the group is on the disk */
  #applyOne({ apply, resolve, reject }: Waiting): () => void {
    this.#database.exec('SAVEPOINT one')
    try {
      const isCommitted = apply()
      this.#database.exec(isCommitted ? 'RELEASE one' : 'ROLLBACK TO one; RELEASE one')
      return () => resolve(isCommitted)
    } catch (cause) {
      // A disk that is full may have ended the whole transaction; the group then fails together.
      if (!this.#database.isTransaction) throw cause
      this.#database.exec('ROLLBACK TO one; RELEASE one')
      return () => reject(cause)
    }
  }
}
