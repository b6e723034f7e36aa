/**
 * Finds what the grants on a key give to a caller, without looking at those of anybody else.
 *
 * @spec KMS authorization §1, §4
 */

import { STRENGTH, type Strength } from '../policy/compile-principal.ts'
import type { Principal } from '../principal/principal.ts'
import type { KeyName, Store } from '../store/store.ts'
import { type GrantMiss, type GrantedRequest, isGranting, missesOf } from './allowance.ts'
import { findAmongMany } from './find-among-many.ts'
import type { GrantRecord } from './grant.ts'
import { namesOfCaller } from './grant-party.ts'
import { lookupByGrantee } from './lookup.ts'

/** A grantee has few grants on a key as a rule; those of one that has more are found by what they ask for. */
const FEW = 4

/** How many grants an explanation tells of, for each name of the caller. */
const MOST_TRACED = 100

/** A grant that lets a caller do what it asks for, and how firmly. */
export interface FoundGrant {
  readonly grant: GrantRecord
  readonly strength: Strength
}

/** @returns the firmest that there is */
export async function findGrant(
  store: Store,
  key: KeyName,
  caller: Principal,
  request: GrantedRequest,
): Promise<FoundGrant | undefined> {
  for (const { name, strength } of namesOfCaller(caller, key.region)) {
    const { items, isTruncated } = await store.listGrants(key, { limit: FEW }, lookupByGrantee(name))
    const grant = isTruncated
      ? await findAmongMany(store, key, name, request)
      : items.find((one) => isGranting(one, request))
    if (grant !== undefined) return { grant, strength }
  }
  return undefined
}

export interface GrantTrace {
  readonly grantId: string
  readonly name: string
  readonly grantee: string
  readonly isMatch: boolean
  /** Set on a match that only lets the grantee account's own policies decide. */
  readonly isDelegation: boolean
  readonly misses: readonly GrantMiss[]
}

/** What each of the caller's grants on the key had to do with the request; of very many, the first, and one that lets. */
export async function traceGrants(
  store: Store,
  key: KeyName,
  caller: Principal,
  request: GrantedRequest,
): Promise<readonly GrantTrace[]> {
  const traces: GrantTrace[] = []
  for (const { name, strength } of namesOfCaller(caller, key.region)) {
    const { items } = await store.listGrants(key, { limit: MOST_TRACED }, lookupByGrantee(name))
    for (const grant of items) traces.push(traceGrant(grant, strength, request))
  }
  const found = await findGrant(store, key, caller, request)
  if (found === undefined || traces.some(({ isMatch }) => isMatch)) return traces
  return [traceGrant(found.grant, found.strength, request), ...traces]
}

function traceGrant(grant: GrantRecord, strength: Strength, request: GrantedRequest): GrantTrace {
  const misses = missesOf(grant, request)
  return {
    grantId: grant.grantId,
    name: grant.name,
    grantee: grant.grantee.name,
    isMatch: misses.length === 0,
    isDelegation: strength === STRENGTH.DELEGATED,
    misses,
  }
}
