/** A store with two doors, and what the parts of the suite do with it. */
import type { AliasRecord, Change, KeyRecord, Scope, Store } from '@softkms/kms'
import { expect } from 'vitest'
import { SCOPE, materialIdOf } from '../../support/records.ts'

/** Scopes that share the account or the Region with `SCOPE`. */
export const ELSEWHERE: readonly Scope[] = [
  { ...SCOPE, account: '444455556666' },
  { ...SCOPE, region: 'us-west-2' },
]

export type OpenStore = () => Promise<StoreUnderTest>

export class StoreUnderTest {
  readonly store: Store
  /** Another door to the same records; the same one where there can be no other. */
  readonly otherDoor: Store

  constructor(store: Store, otherDoor: Store) {
    this.store = store
    this.otherDoor = otherDoor
  }

  /** Commits what must succeed. */
  async commit(...changes: Change[]): Promise<void> {
    expect(await this.store.commit(changes)).toBe(true)
  }

  /** Everything there is, through the other door. */
  async readAll(): Promise<unknown> {
    const door = this.otherDoor
    const scopes = [SCOPE, ...ELSEWHERE]
    const keys = await Promise.all(scopes.map((scope) => door.listKeys(scope, { limit: 1000 })))
    const aliases = await Promise.all(scopes.map((scope) => door.listAliases(scope, { limit: 1000 })))
    const materialIds = Array.from({ length: 20 }, (_, i) => materialIdOf(i))
    const materials = await Promise.all(materialIds.map((id) => door.getMaterial(SCOPE.region, id)))
    const all = keys.flatMap(({ items }) => items)
    const grants = await Promise.all(all.map((key) => door.listGrants(key, { limit: 1000 })))
    const uses = await Promise.all(all.map((key) => door.getLastUse(key)))
    return structuredClone({
      keys,
      aliases,
      materials,
      grants,
      uses,
      keyring: await door.getKeyring(),
      due: await door.nextDueKey(Number.MAX_SAFE_INTEGER),
    })
  }
}

/** Commits what must fail, and change nothing. */
export async function expectRefused(opened: StoreUnderTest, ...changes: Change[]): Promise<void> {
  const before = await opened.readAll()
  expect(await opened.store.commit(changes)).toBe(false)
  expect(await opened.readAll()).toEqual(before)
}

export function putKey(key: KeyRecord): Change {
  return { type: 'PutKey', key }
}

export function putAlias(alias: AliasRecord): Change {
  return { type: 'PutAlias', alias }
}

/** The next version of a record. */
export function nextOf<Record extends { readonly version: number }>(
  record: Record,
  rest: Partial<Record> = {},
): Record {
  return { ...record, ...rest, version: record.version + 1 }
}
