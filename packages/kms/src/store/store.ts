/**
 * The port through which the engine remembers.
 *
 * A store keeps records and never sees plaintext key material: tokens are wrapped. Every write goes through `commit`,
 * which takes all of its changes or none, and none when any record is not at the version that the writer had read.
 */

import type { Instant } from '@softkms/lifecycle'
import type { AliasRecord } from '../alias/alias.ts'
import type { GrantId, GrantRecord } from '../grant/grant.ts'
import type { KeyRecord, MaterialRecord } from '../key/key.ts'
import type { AliasName, KeyId } from '../key/key-id.ts'
import type { Scope } from '../scope.ts'
import type { KeyUse } from '../usage/key-use.ts'

/**
 * One change of a commit. A record that is written carries its new version, one above the version that must be
 * there now; version 1 means that there must be none.
 */
export type Change =
  | { readonly type: 'PutKey'; readonly key: KeyRecord }
  /** Deletes the key at exactly this version, with its material, its grants, its last use and every alias that points to it. */
  | { readonly type: 'DeleteKey'; readonly key: KeyRecord }
  /** Changes nothing, but fails the commit when the key is not at exactly this version. */
  | { readonly type: 'ExpectKey'; readonly key: KeyRecord }
  /**
   * Changes nothing, but fails the commit when with it customers would manage more than `limit` keys of the account in the
   * Region (`countKeys`).
   */
  | { readonly type: 'LimitKeys'; readonly scope: Scope; readonly limit: number }
  /** Material that is not there yet. */
  | { readonly type: 'AddMaterial'; readonly material: MaterialRecord }
  /** Replaces the record of material that is there. */
  | { readonly type: 'PutMaterial'; readonly material: MaterialRecord }
  /** Forgets material that is there. */
  | { readonly type: 'DeleteMaterial'; readonly material: MaterialRecord }
  | { readonly type: 'PutAlias'; readonly alias: AliasRecord }
  /** Deletes the alias at exactly this version. */
  | { readonly type: 'DeleteAlias'; readonly alias: AliasRecord }
  /** A grant that is not there yet. */
  | { readonly type: 'AddGrant'; readonly grant: GrantRecord }
  /** Ends a grant that is there. */
  | { readonly type: 'DeleteGrant'; readonly grant: GrantRecord }
  /**
   * Replaces what is known of a key's last use. Never fails a commit and raises no version: without effect when a later
   * use is known, when the key is not there, and when it was made after the use (`isUseOf`).
   */
  | { readonly type: 'NoteUse'; readonly use: KeyUse }
  | { readonly type: 'PutKeyring'; readonly keyring: KeyringRecord }

/** The HSM's domain keyring, sealed. A store has one at most. */
export interface KeyringRecord {
  /** Counts the writes, as a key's does. */
  readonly version: number
  readonly sealed: Uint8Array
}

/** What a key is found by. */
export type KeyName = Scope & { readonly keyId: KeyId }

/** Names material in a page of `listMaterials`: Regions have no slash. */
export function materialName({ region, materialId }: Pick<MaterialRecord, 'region' | 'materialId'>): string {
  return `${region}/${materialId}`
}

export interface PageRequest {
  /** Name of the last item of the page before; the page begins after it. */
  readonly after?: string | undefined
  /** At least 1. */
  readonly limit: number
}

export interface Page<Item> {
  readonly items: readonly Item[]
  /** Whether there are items after the last one here. */
  readonly isTruncated: boolean
}

/** Any method may reject with `StoreError` `TIMED_OUT`; whatever else it rejects with is an internal fault. */
export interface Store {
  getKey(scope: Scope, keyId: KeyId): Promise<KeyRecord | undefined>

  /** In the order of the key ids. */
  listKeys(scope: Scope, page: PageRequest): Promise<Page<KeyRecord>>

  /** How many keys there are that customers manage (those without `managedBy`), without counting them. */
  countKeys(scope: Scope): Promise<number>

  /** Finds wrapped material anywhere in a Region, whatever the number of versions. */
  getMaterial(region: string, materialId: string): Promise<MaterialRecord | undefined>

  /** All material, whatever its Region, in the order of Regions and ids; `materialName` makes the names of pages. */
  listMaterials(page: PageRequest): Promise<Page<MaterialRecord>>

  /** How much material there is. */
  countMaterials(): Promise<number>

  getAlias(scope: Scope, aliasName: AliasName): Promise<AliasRecord | undefined>

  /** In the order of the names; with `targetKeyId`, only those that point to it. */
  listAliases(scope: Scope, page: PageRequest, targetKeyId?: KeyId): Promise<Page<AliasRecord>>

  /** How many aliases point to a key. */
  countAliases(key: KeyName): Promise<number>

  getGrant(key: KeyName, grantId: GrantId): Promise<GrantRecord | undefined>

  /**
   * The grants on a key, in the order of their ids; with `lookup`, only those that have it among `lookupsOf`. The time
   * that it takes does not depend on how many others the key has.
   */
  listGrants(key: KeyName, page: PageRequest, lookup?: string): Promise<Page<GrantRecord>>

  /** How many grants a key has, without counting them. */
  countGrants(key: KeyName): Promise<number>

  /**
   * The grants of a Region, whatever the account of their keys, whose `retiringLookupOf` is `lookup`; in the order of
   * their ids.
   */
  listRetirableGrants(region: string, page: PageRequest, lookup: string): Promise<Page<GrantRecord>>

  getLastUse(key: KeyName): Promise<KeyUse | undefined>

  /** @returns `undefined` while none was ever kept */
  getKeyring(): Promise<KeyringRecord | undefined>

  /** The key for which something fell due first, at or before `now`. */
  nextDueKey(now: Instant): Promise<KeyRecord | undefined>

  /**
   * @param changes no two of them to the same record
   * @returns whether the changes were made; `false` means that somebody else was faster, and nothing was changed
   */
  commit(changes: readonly Change[]): Promise<boolean>
}
