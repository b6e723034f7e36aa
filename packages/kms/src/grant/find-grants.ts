/**
 * Finds what the grants on a key give to a caller, without looking at those of anybody else.
 *
 * @spec KMS authorization §1, §4
 */

import { STRENGTH, type Strength } from '../policy/compile-principal.ts'
import type { Principal } from '../principal/principal.ts'
import type { KeyName, Store } from '../store/store.ts'
import { type GrantMiss, type GrantedRequest, isAboutContext, isGranting, missesOf } from './allowance.ts'
import type { GrantRecord } from './grant.ts'
import { namesOfCaller } from './grant-party.ts'
import { lookupByGrantee, lookupsByContext } from './lookup.ts'

/** A grantee has few grants on a key as a rule; those of one that has more are found by what they ask for. */
const FEW = 16

/** How many grants an explanation tells of, for each name of the caller. */
const MOST_TRACED = 100

/** @returns the firmest that any grant gives */
export async function findGranted(
  store: Store,
  key: KeyName,
  caller: Principal,
  request: GrantedRequest,
): Promise<Strength> {
  for (const { name, strength } of namesOfCaller(caller, key.region)) {
    const { items, isTruncated } = await store.listGrants(key, { limit: FEW }, lookupByGrantee(name))
    if (items.some((grant) => isGranting(grant, request))) return strength
    if (isTruncated && (await isGrantedByMany(store, key, name, request))) return strength
  }
  return STRENGTH.NONE
}

async function isGrantedByMany(store: Store, key: KeyName, grantee: string, request: GrantedRequest): Promise<boolean> {
  for (const lookup of lookupsFor(grantee, request)) {
    if (await isAnyGranting(store, key, lookup, request)) return true
  }
  return false
}

function lookupsFor(grantee: string, { operation, context, child }: GrantedRequest): readonly string[] {
  // Where contexts do not matter, any grant of the grantee may do.
  if (!isAboutContext(operation)) return [lookupByGrantee(grantee)]
  if (child === undefined) return lookupsByContext(grantee, context, true)
  // What a child may narrow is what a request with the child's context would meet.
  const { contextEquals, contextSubset } = child.constraints
  return lookupsByContext(grantee, contextEquals ?? contextSubset ?? {}, contextEquals !== undefined)
}

async function isAnyGranting(store: Store, key: KeyName, lookup: string, request: GrantedRequest): Promise<boolean> {
  for await (const grants of pagesOf(store, key, lookup)) {
    if (grants.some((grant) => isGranting(grant, request))) return true
  }
  return false
}

/** All grants of a key that are found under a text, some at a time. */
export async function* pagesOf(store: Store, key: KeyName, lookup: string): AsyncGenerator<readonly GrantRecord[]> {
  let after: string | undefined
  for (;;) {
    const { items, isTruncated } = await store.listGrants(key, { limit: MOST_TRACED, after }, lookup)
    yield items
    after = items.at(-1)?.grantId
    if (!isTruncated || after === undefined) return
  }
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

/** What each of the caller's grants on the key had to do with the request; of very many, the first. */
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
  return traces
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
