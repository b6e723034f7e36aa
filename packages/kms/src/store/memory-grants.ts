/** The grants of the memory store, found by key, by lookup and by who may retire them. */

import type { GrantId, GrantRecord } from '../grant/grant.ts'
import { lookupsOf, retiringLookupOf } from '../grant/lookup.ts'
import { Names, readPage } from './names.ts'
import type { KeyName, Page, PageRequest } from './store.ts'

export class MemoryGrants {
  readonly #grants = new Map<string, GrantRecord>()
  readonly #byKey = new Names()
  readonly #byLookup = new Names()
  readonly #byRetiring = new Names()

  has(grant: GrantRecord): boolean {
    return this.#grants.has(grantName(grant.region, grant.grantId))
  }

  get(key: KeyName, grantId: GrantId): GrantRecord | undefined {
    const grant = this.#grants.get(grantName(key.region, grantId))
    return grant !== undefined && grant.keyId === key.keyId && grant.account === key.account ? grant : undefined
  }

  add(grant: GrantRecord): void {
    this.#grants.set(grantName(grant.region, grant.grantId), grant)
    const key = keyName(grant)
    this.#byKey.add(key, grant.grantId)
    for (const lookup of lookupsOf(grant)) this.#byLookup.add(`${key} ${lookup}`, grant.grantId)
    const retiring = retiringLookupOf(grant)
    if (retiring !== undefined) this.#byRetiring.add(`${grant.region} ${retiring}`, grant.grantId)
  }

  delete(grant: GrantRecord): void {
    this.#grants.delete(grantName(grant.region, grant.grantId))
    const key = keyName(grant)
    this.#byKey.remove(key, grant.grantId)
    for (const lookup of lookupsOf(grant)) this.#byLookup.remove(`${key} ${lookup}`, grant.grantId)
    const retiring = retiringLookupOf(grant)
    if (retiring !== undefined) this.#byRetiring.remove(`${grant.region} ${retiring}`, grant.grantId)
  }

  deleteAllOf(key: KeyName): void {
    // From the end, where nothing has to move up.
    for (const grantId of this.#byKey.of(keyName(key)).after(undefined, Number.MAX_SAFE_INTEGER).toReversed()) {
      const grant = this.#grants.get(grantName(key.region, grantId))
      if (grant !== undefined) this.delete(grant)
    }
  }

  list(key: KeyName, page: PageRequest, lookup?: string): Page<GrantRecord> {
    const names = lookup === undefined ? this.#byKey.of(keyName(key)) : this.#byLookup.of(`${keyName(key)} ${lookup}`)
    return readPage(names, page, (grantId) => this.#grants.get(grantName(key.region, grantId)))
  }

  count(key: KeyName): number {
    return this.#byKey.of(keyName(key)).size
  }

  listRetirable(region: string, page: PageRequest, lookup: string): Page<GrantRecord> {
    const names = this.#byRetiring.of(`${region} ${lookup}`)
    return readPage(names, page, (grantId) => this.#grants.get(grantName(region, grantId)))
  }
}

function keyName({ account, region, keyId }: KeyName): string {
  return `${account}/${region}/${keyId}`
}

function grantName(region: string, grantId: string): string {
  return `${region}/${grantId}`
}
