/**
 * Notes the last use of each key, and writes it down now and then: a use by itself costs no write.
 *
 * There is no timer. What waits is written by the first request that comes when something has waited for a minute, by
 * `performDue`, and when a thousand keys wait. A process that ends before loses what it has not written.
 */

import type { Instant } from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import type { KeyRecord } from '../key/key.ts'
import type { RequestNames } from '../request-names.ts'
import type { KeyName, Store } from '../store/store.ts'
import { type KeyUse, isUseOf, laterOf } from './key-use.ts'

const WRITE_INTERVAL_MS = 60_000
const MAX_WAITING = 1000

export interface KeyUses {
  /** The last use of a key that this engine, or what the store keeps, knows of. */
  lastUse(key: KeyName & Pick<KeyRecord, 'createdAt'>): Promise<KeyUse | undefined>
}

/** A use whose request need not have been named yet. */
export interface NotedUse {
  readonly key: KeyName
  readonly at: Instant
  readonly operation: KeyUse['operation']
  readonly names: RequestNames
}

export interface UseRecorder extends KeyUses {
  /** Writes nothing and waits for nothing. */
  note(use: NotedUse): void
  isWriteDue(now: Instant): boolean
  /** Writes what waits. What could not be written waits on, and is due at once. */
  write(): Promise<void>
}

export function createUseRecorder(store: Store): UseRecorder {
  let waiting = new Map<string, NotedUse>()
  /** What is being written: until it is in the store it is found here. */
  const onTheWay = new Set<ReadonlyMap<string, NotedUse>>()
  let waitingSince: Instant | undefined

  function note(use: NotedUse): void {
    const name = nameOf(use.key)
    waiting.set(name, laterOf(use, waiting.get(name)) ?? use)
    waitingSince ??= use.at
  }

  return {
    note,
    isWriteDue(now) {
      return waitingSince !== undefined && (now - waitingSince >= WRITE_INTERVAL_MS || waiting.size >= MAX_WAITING)
    },
    async write() {
      if (waiting.size === 0) return
      const batch = waiting
      waiting = new Map()
      waitingSince = undefined
      onTheWay.add(batch)
      try {
        const changes = Array.from(batch.values(), (use) => ({ type: 'NoteUse', use: recordOf(use) }) as const)
        // A use is never in the way of anything, so that only a store that breaks its contract refuses it.
        if (!(await store.commit(changes))) throw new KmsError('KMSInternalException')
      } catch (error) {
        for (const use of batch.values()) note(use)
        waitingSince = -Infinity
        throw error
      } finally {
        onTheWay.delete(batch)
      }
    },
    async lastUse(key) {
      const name = nameOf(key)
      // Looked for on its way before it is looked for where it goes: it is always in one of the places.
      const noted = [waiting, ...onTheWay].map((uses) => uses.get(name)).reduce(laterOf)
      const last = laterOf(noted && recordOf(noted), await store.getLastUse(key))
      return last !== undefined && isUseOf(key, last) ? last : undefined
    },
  }
}

function nameOf({ account, region, keyId }: KeyName): string {
  return `${account}/${region}/${keyId}`
}

function recordOf({ key: { account, region, keyId }, at, operation, names }: NotedUse): KeyUse {
  return { account, region, keyId, at, operation, requestId: names.requestId, eventId: names.eventId }
}
