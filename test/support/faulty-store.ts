/** A store that fails now and then: before it did what it was asked, or after. */
import { type Change, StoreError, type Store } from '@softkms/kms'
import type { Draw } from '../crash/witness.ts'

export interface FaultyStore extends Store {
  /** How often it has failed. */
  readonly faults: number
  /** From now on nothing fails. */
  heal(): void
}

/** One call in so many fails. */
const ONE_IN = 12

export function createFaultyStore(store: Store, draw: Draw): FaultyStore {
  let faults = 0
  let isHealed = false

  function failsNow(): boolean {
    if (isHealed || draw(ONE_IN) > 0) return false
    faults += 1
    return true
  }

  const fault = (): Error =>
    draw(2) === 0 ? new StoreError('TIMED_OUT', 'the database did not answer') : new Error('the connection broke')

  const faultily =
    <Parameters extends unknown[], Answer>(call: (...parameters: Parameters) => Promise<Answer>) =>
    async (...parameters: Parameters): Promise<Answer> => {
      if (failsNow()) throw fault()
      return call(...parameters)
    }

  return {
    getKey: faultily(store.getKey.bind(store)),
    listKeys: faultily(store.listKeys.bind(store)),
    countKeys: faultily(store.countKeys.bind(store)),
    getMaterial: faultily(store.getMaterial.bind(store)),
    listMaterials: faultily(store.listMaterials.bind(store)),
    countMaterials: faultily(store.countMaterials.bind(store)),
    getAlias: faultily(store.getAlias.bind(store)),
    listAliases: faultily(store.listAliases.bind(store)),
    countAliases: faultily(store.countAliases.bind(store)),
    getGrant: faultily(store.getGrant.bind(store)),
    listGrants: faultily(store.listGrants.bind(store)),
    countGrants: faultily(store.countGrants.bind(store)),
    listRetirableGrants: faultily(store.listRetirableGrants.bind(store)),
    getLastUse: faultily(store.getLastUse.bind(store)),
    getKeyring: faultily(store.getKeyring.bind(store)),
    nextDueKey: faultily(store.nextDueKey.bind(store)),
    async commit(changes: readonly Change[]) {
      if (failsNow()) {
        // The changes may have been made all the same, and only the answer been lost.
        if (draw(2) === 0) await store.commit(changes)
        throw fault()
      }
      return store.commit(changes)
    },
    get faults() {
      return faults
    },
    heal() {
      isHealed = true
    },
  }
}
