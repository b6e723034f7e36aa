/**
 * Finds the grant that lets a caller do what it asks for, among any number of grants to that caller.
 *
 * Grants that ask for another operation, source or context are never looked at. What a grant can name of a context are
 * parts of it; of those, only the ones are tried that some grant begins with.
 *
 * @spec KMS authorization §4
 */

import type { KeyName, Store } from '../store/store.ts'
import { type GrantedRequest, isAboutContext, isGranting } from './allowance.ts'
import type { GrantRecord } from './grant.ts'
import { nameOfParty } from './grant-party.ts'
import { ANY_CONTEXT, type Pair, type WantedContext, lookupByBeginning, lookupByReach, sortedPairs } from './lookup.ts'

/** @param grantee as `nameOfParty` writes it */
export async function findAmongMany(
  store: Store,
  key: KeyName,
  grantee: string,
  request: GrantedRequest,
): Promise<GrantRecord | undefined> {
  // Grants that are not in effect yet are found here, or among those that are.
  for (const grantId of request.presented) {
    const grant = await store.getGrant(key, grantId)
    if (grant !== undefined && nameOfParty(grant.grantee, key.region) === grantee && isGranting(grant, request))
      return grant
  }
  const search = { store, key, grantee, request }
  const { operation, context, child } = request
  if (!isAboutContext(operation)) return findByContext(search, ANY_CONTEXT)
  if (child === undefined)
    return (await findByContext(search, whole(context))) ?? findByParts(search, sortedPairs(context), [])
  // What a child may narrow is what a request with the child's context would meet.
  const { contextEquals, contextSubset = {} } = child.constraints
  const found = contextEquals && (await findByContext(search, whole(contextEquals)))
  return found ?? findByParts(search, sortedPairs(contextEquals ?? contextSubset), [])
}

interface Search {
  readonly store: Store
  readonly key: KeyName
  readonly grantee: string
  readonly request: GrantedRequest
}

function whole(context: Readonly<Record<string, string>>): WantedContext {
  return { isWhole: true, pairs: sortedPairs(context) }
}

/** Among the grants that name `chosen`, and then among those that name more, out of `rest`. */
async function findByParts(
  search: Search,
  rest: readonly Pair[],
  chosen: readonly Pair[],
): Promise<GrantRecord | undefined> {
  const found = await findByContext(search, { isWhole: false, pairs: chosen })
  if (found !== undefined || rest.length === 0 || !(await isBeginning(search, chosen))) return found
  for (const [i, pair] of rest.entries()) {
    const longer = await findByParts(search, rest.slice(i + 1), [...chosen, pair])
    if (longer !== undefined) return longer
  }
  return undefined
}

async function isBeginning({ store, key, grantee }: Search, pairs: readonly Pair[]): Promise<boolean> {
  if (pairs.length === 0) return true
  const { items } = await store.listGrants(key, { limit: 1 }, lookupByBeginning(grantee, pairs))
  return items.length > 0
}

async function findByContext(search: Search, context: WantedContext): Promise<GrantRecord | undefined> {
  const { sourceArn } = search.request
  const found = await findByReach(search, undefined, context)
  return found ?? (sourceArn === undefined ? undefined : findByReach(search, sourceArn, context))
}

const PAGE = 100

async function findByReach(
  { store, key, grantee, request }: Search,
  sourceArn: string | undefined,
  context: WantedContext,
): Promise<GrantRecord | undefined> {
  const lookup = lookupByReach(grantee, { operation: request.operation, sourceArn, context })
  let after: string | undefined
  do {
    const { items, isTruncated } = await store.listGrants(key, { limit: PAGE, after }, lookup)
    const found = items.find((grant) => isGranting(grant, request))
    if (found !== undefined) return found
    after = isTruncated ? items.at(-1)?.grantId : undefined
  } while (after !== undefined)
  return undefined
}
