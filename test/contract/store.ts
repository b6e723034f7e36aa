/**
 * What every `Store` keeps. An implementation passes this suite whole or is not one.
 *
 * The suite writes as the engine writes: what replaces a record carries the next version, and a commit names a record
 * once.
 */
import type { Store } from '@softkms/kms'
import { describe } from 'vitest'
import { describeCommits } from './store/commits.ts'
import { describeCounts } from './store/counts.ts'
import { describeDeletion } from './store/deletion.ts'
import { describeDueKeys } from './store/due-keys.ts'
import { describeGrants } from './store/grants.ts'
import { describeKeyring } from './store/keyring.ts'
import { describeLists } from './store/lists.ts'
import { describeMaterials } from './store/materials.ts'
import { describeRaces } from './store/races.ts'
import { describeRecords } from './store/records.ts'
import { StoreUnderTest } from './store/store-under-test.ts'
import { describeUses } from './store/uses.ts'
import { describeVersions } from './store/versions.ts'

export interface StoreContract {
  /** Opens an empty store. */
  open(): Promise<Store>
  /** Opens another door to what `store` keeps, as another process would; absent where there can be none. */
  reopen?(store: Store): Promise<Store>
}

export function describeStore(name: string, contract: StoreContract): void {
  const open = async (): Promise<StoreUnderTest> => {
    const store = await contract.open()
    return new StoreUnderTest(store, (await contract.reopen?.(store)) ?? store)
  }
  describe(`${name} keeps the contract of stores`, () => {
    describeRecords(open)
    describeVersions(open)
    describeCommits(open)
    describeRaces(open)
    describeLists(open)
    describeDeletion(open)
    describeDueKeys(open)
    describeGrants(open)
    describeUses(open)
    describeKeyring(open)
    describeCounts(open)
    describeMaterials(open)
  })
}
