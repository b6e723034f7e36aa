/** The stores that are filled: each on a folder of its own, which is gone afterwards, and opened anew as after a restart. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Hsm, createHsm } from '@softkms/hsm'
import { type Store, createMemoryStore, createRecordGuard, joinDomain } from '@softkms/kms'
import { openSqliteStore } from '@softkms/store-sqlite'

export type PlaceName = 'memory' | 'sqlite'
export const PLACES: readonly PlaceName[] = ['memory', 'sqlite']

export interface Opened {
  readonly hsm: Hsm
  readonly store: Store
}

export interface Place {
  open(): Promise<Opened>
  /** As a restart does; `undefined` for what is gone then. */
  reopen(): Promise<Opened> | undefined
  remove(): void
}

export function createPlace(name: PlaceName): Place {
  return name === 'memory' ? createMemoryPlace() : createSqlitePlace()
}

function createMemoryPlace(): Place {
  return {
    open: async () => ({ hsm: createHsm(), store: createMemoryStore() }),
    reopen: () => undefined,
    remove: () => undefined,
  }
}

function createSqlitePlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'softkms-scale-'))
  const rootKey = crypto.getRandomValues(new Uint8Array(32))
  let close = (): void => undefined
  const open = async (): Promise<Opened> => {
    close()
    const hsm = createHsm({ rootKey })
    const store = openSqliteStore({ folder, guard: createRecordGuard(hsm) })
    close = () => store.close()
    await joinDomain(hsm, store)
    return { hsm, store }
  }
  return {
    open,
    reopen: open,
    remove() {
      close()
      rmSync(folder, { recursive: true })
    },
  }
}
