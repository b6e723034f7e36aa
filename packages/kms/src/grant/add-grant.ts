/**
 * Adds a grant to a key, or finds the one that the same request has made before.
 *
 * Every new grant raises its key's version: no two are made at once, so that one name with the same members stays one
 * grant, and a key never has more than it may.
 *
 * @spec KMS authorization §4; operations-around §8
 */

import { KmsError } from '../errors.ts'
import { type KeyRecord, arnOf } from '../key/key.ts'
import { assertStateAllows } from '../key/permit-state.ts'
import { commitForKey } from '../key/update-key.ts'
import type { Store } from '../store/store.ts'
import { isSame } from './context-constraint.ts'
import { pagesOf } from './find-grants.ts'
import type { GrantConstraints, GrantParty, GrantRecord } from './grant.ts'
import { lookupByName } from './lookup.ts'

export interface Addition {
  readonly grant: GrantRecord
  /** How many grants the key may have. */
  readonly limit: number
  /** Whether to stop short of adding. */
  readonly isDry: boolean
}

/**
 * @returns the grant that is there now
 * @throws KmsError `LimitExceededException`, and what a key's state refuses
 */
export async function addGrant(store: Store, key: KeyRecord, { grant, limit, isDry }: Addition): Promise<GrantRecord> {
  let found: GrantRecord | undefined
  await commitForKey(store, key, async (newest) => {
    assertStateAllows(newest, 'CreateGrant')
    found = grant.name === '' ? undefined : await findSame(store, grant)
    if (found !== undefined) return [{ type: 'ExpectKey', key: newest }]
    if ((await store.countGrants(newest)) >= limit) {
      throw new KmsError('LimitExceededException', `${arnOf(newest)} has ${limit} grants and can have no more.`)
    }
    if (isDry) return [{ type: 'ExpectKey', key: newest }]
    return [
      { type: 'PutKey', key: { ...newest, version: newest.version + 1 } },
      { type: 'AddGrant', grant },
    ]
  })
  return found ?? grant
}

async function findSame(store: Store, grant: GrantRecord): Promise<GrantRecord | undefined> {
  for await (const grants of pagesOf(store, grant, lookupByName(grant.name))) {
    const same = grants.find((other) => other.name === grant.name && isSameGrant(grant, other))
    if (same !== undefined) return same
  }
  return undefined
}

function isSameGrant(a: GrantRecord, b: GrantRecord): boolean {
  return (
    a.issuer === b.issuer &&
    isSameParty(a.grantee, b.grantee) &&
    isSameParty(a.retiring, b.retiring) &&
    a.operations.length === b.operations.length &&
    a.operations.every((operation) => b.operations.includes(operation)) &&
    isSameConstraints(a.constraints, b.constraints)
  )
}

function isSameParty(a: GrantParty | undefined, b: GrantParty | undefined): boolean {
  return a?.type === b?.type && a?.name === b?.name
}

function isSameConstraints(a: GrantConstraints, b: GrantConstraints): boolean {
  return (
    a.sourceArn === b.sourceArn &&
    isSameContext(a.contextEquals, b.contextEquals) &&
    isSameContext(a.contextSubset, b.contextSubset)
  )
}

function isSameContext(a: GrantConstraints['contextEquals'], b: GrantConstraints['contextEquals']): boolean {
  return a === undefined || b === undefined ? a === b : isSame(a, b)
}
