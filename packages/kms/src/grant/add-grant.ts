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
import type { GrantRecord } from './grant.ts'
import { lookupBySameness } from './lookup.ts'

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
  const { items } = await store.listGrants(grant, { limit: 1 }, lookupBySameness(grant))
  return items[0]
}
