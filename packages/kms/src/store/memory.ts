/**
 * The reference store: maps in memory, gone with the process.
 *
 * A commit checks every change before it makes the first, and awaits nothing in between, so nobody ever sees half.
 */

import { materialIdsOf } from '@softkms/lifecycle'
import type { AliasRecord } from '../alias/alias.ts'
import { type KeyRecord, type MaterialRecord, dueAt } from '../key/key.ts'
import type { Scope } from '../scope.ts'
import { type KeyUse, isUseOf, laterOf } from '../usage/key-use.ts'
import { MemoryGrants } from './memory-grants.ts'
import { Names, readPage } from './names.ts'
import { SortedNames } from './sorted-names.ts'
import { type Change, type KeyName, type KeyringRecord, type Store, materialName } from './store.ts'

/** Instants have at most 16 digits, so that their padded text sorts as they do. */
const INSTANT_DIGITS = 16

export function createMemoryStore(): Store {
  const keys = new Map<string, KeyRecord>()
  const aliases = new Map<string, AliasRecord>()
  const materials = new Map<string, MaterialRecord>()
  const materialNames = new SortedNames()
  const keyNames = new Names()
  const aliasNames = new Names()
  const aliasNamesByKey = new Names()
  const due = new SortedNames()
  const grants = new MemoryGrants()
  /** How many keys customers manage, by scope. */
  const keyCounts = new Map<string, number>()
  const lastUses = new Map<string, KeyUse>()
  let keyring: KeyringRecord | undefined

  function canApply(change: Change, changes: readonly Change[]): boolean {
    switch (change.type) {
      case 'PutKey':
        return versionOf(keys.get(keyName(change.key))) === change.key.version - 1
      case 'DeleteKey':
      case 'ExpectKey':
        return versionOf(keys.get(keyName(change.key))) === change.key.version
      case 'LimitKeys':
        return countKeys(change.scope) + growthOf(changes, change.scope) <= change.limit
      case 'PutAlias':
        return versionOf(aliases.get(aliasName(change.alias))) === change.alias.version - 1
      case 'DeleteAlias':
        return versionOf(aliases.get(aliasName(change.alias))) === change.alias.version
      case 'AddMaterial':
        return !materials.has(materialName(change.material))
      case 'PutMaterial':
      case 'DeleteMaterial':
        return materials.has(materialName(change.material))
      case 'AddGrant':
        return !grants.has(change.grant)
      case 'DeleteGrant':
        return grants.has(change.grant)
      case 'NoteUse':
        return true
      case 'PutKeyring':
        return versionOf(keyring) === change.keyring.version - 1
      default:
        return change satisfies never
    }
  }

  function apply(change: Change): void {
    switch (change.type) {
      case 'PutKey':
        return putKey(change.key)
      case 'DeleteKey':
        return deleteKey(change.key)
      case 'ExpectKey':
      case 'LimitKeys':
        return
      case 'PutAlias':
        deleteAlias(change.alias)
        return putAlias(change.alias)
      case 'DeleteAlias':
        return deleteAlias(change.alias)
      case 'AddMaterial':
      case 'PutMaterial':
        materials.set(materialName(change.material), change.material)
        materialNames.add(materialName(change.material))
        return
      case 'DeleteMaterial':
        return deleteMaterial(materialName(change.material))
      case 'AddGrant':
        return grants.add(change.grant)
      case 'DeleteGrant':
        return grants.delete(change.grant)
      case 'NoteUse':
        return noteUse(change.use)
      case 'PutKeyring':
        keyring = change.keyring
        return
      default:
        return change satisfies never
    }
  }

  function putKey(key: KeyRecord): void {
    const name = keyName(key)
    forgetDue(keys.get(name))
    if (!keys.has(name)) count(key, 1)
    keys.set(name, key)
    keyNames.add(scopeName(key), key.keyId)
    const at = dueAt(key)
    if (at !== undefined) due.add(dueName(at, key))
  }

  function deleteKey(key: KeyRecord): void {
    const name = keyName(key)
    forgetDue(keys.get(name))
    if (keys.delete(name)) count(key, -1)
    keyNames.remove(scopeName(key), key.keyId)
    for (const materialId of materialIdsOf(key.life)) deleteMaterial(materialName({ region: key.region, materialId }))
    for (const alias of aliasNamesByKey.of(name).after(undefined, Number.MAX_SAFE_INTEGER)) {
      const record = aliases.get(`${scopeName(key)}/${alias}`)
      if (record !== undefined) deleteAlias(record)
    }
    grants.deleteAllOf(key)
    lastUses.delete(name)
  }

  function deleteMaterial(name: string): void {
    materials.delete(name)
    materialNames.remove(name)
  }

  function countKeys(scope: Scope): number {
    return keyCounts.get(scopeName(scope)) ?? 0
  }

  function count(key: KeyRecord, difference: 1 | -1): void {
    if (isCounted(key)) keyCounts.set(scopeName(key), countKeys(key) + difference)
  }

  function noteUse(use: KeyUse): void {
    const name = keyName(use)
    const key = keys.get(name)
    if (key === undefined || !isUseOf(key, use)) return
    lastUses.set(name, laterOf(use, lastUses.get(name)) ?? use)
  }

  function forgetDue(key: KeyRecord | undefined): void {
    const at = key && dueAt(key)
    if (key !== undefined && at !== undefined) due.remove(dueName(at, key))
  }

  function putAlias(alias: AliasRecord): void {
    aliases.set(aliasName(alias), alias)
    aliasNames.add(scopeName(alias), alias.aliasName)
    aliasNamesByKey.add(targetName(alias), alias.aliasName)
  }

  function deleteAlias(alias: AliasRecord): void {
    const current = aliases.get(aliasName(alias))
    if (current === undefined) return
    aliases.delete(aliasName(current))
    aliasNames.remove(scopeName(current), current.aliasName)
    aliasNamesByKey.remove(targetName(current), current.aliasName)
  }

  return {
    async getKey(scope, keyId) {
      return keys.get(`${scopeName(scope)}/${keyId}`)
    },
    async listKeys(scope, page) {
      return readPage(keyNames.of(scopeName(scope)), page, (name) => keys.get(`${scopeName(scope)}/${name}`))
    },
    countKeys: async (scope) => countKeys(scope),
    async getMaterial(region, materialId) {
      return materials.get(materialName({ region, materialId }))
    },
    listMaterials: async (page) => readPage(materialNames, page, (name) => materials.get(name)),
    countMaterials: async () => materials.size,
    async getAlias(scope, name) {
      return aliases.get(`${scopeName(scope)}/${name}`)
    },
    async listAliases(scope, page, targetKeyId) {
      const names =
        targetKeyId === undefined
          ? aliasNames.of(scopeName(scope))
          : aliasNamesByKey.of(`${scopeName(scope)}/${targetKeyId}`)
      return readPage(names, page, (name) => aliases.get(`${scopeName(scope)}/${name}`))
    },
    countAliases: async (key) => aliasNamesByKey.of(keyName(key)).size,
    getGrant: async (key, grantId) => grants.get(key, grantId),
    listGrants: async (key, page, lookup) => grants.list(key, page, lookup),
    countGrants: async (key) => grants.count(key),
    listRetirableGrants: async (region, page, lookup) => grants.listRetirable(region, page, lookup),
    getLastUse: async (key) => lastUses.get(keyName(key)),
    getKeyring: async () => keyring,
    async nextDueKey(now) {
      const first = due.first
      if (first === undefined || Number(first.slice(0, INSTANT_DIGITS)) > now) return undefined
      return keys.get(first.slice(INSTANT_DIGITS))
    },
    async commit(changes) {
      if (!changes.every((change) => canApply(change, changes))) return false
      for (const change of changes) apply(change)
      return true
    },
  }
}

function isCounted(key: KeyRecord): boolean {
  return key.managedBy === undefined
}

/** By how many keys a commit adds to those that customers manage. */
function growthOf(changes: readonly Change[], scope: Scope): number {
  let growth = 0
  for (const change of changes) {
    if (change.type !== 'PutKey' && change.type !== 'DeleteKey') continue
    if (!isCounted(change.key) || scopeName(change.key) !== scopeName(scope)) continue
    if (change.type === 'DeleteKey') growth -= 1
    else if (change.key.version === 1) growth += 1
  }
  return growth
}

function versionOf(record: { readonly version: number } | undefined): number {
  return record?.version ?? 0
}

function scopeName({ account, region }: Scope): string {
  return `${account}/${region}`
}

function keyName(key: KeyName): string {
  return `${scopeName(key)}/${key.keyId}`
}

function aliasName(alias: AliasRecord): string {
  return `${scopeName(alias)}/${alias.aliasName}`
}

function targetName(alias: AliasRecord): string {
  return `${scopeName(alias)}/${alias.targetKeyId}`
}

function dueName(at: number, key: KeyRecord): string {
  return String(at).padStart(INSTANT_DIGITS, '0') + keyName(key)
}
