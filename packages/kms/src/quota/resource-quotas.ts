/**
 * How much there may be of what an account makes.
 *
 * @spec KMS operations-around §8
 */

import { KmsError } from '../errors.ts'
import type { KeyRecord } from '../key/key.ts'
import type { Scope } from '../scope.ts'
import type { Store } from '../store/store.ts'

export interface ResourceQuotas {
  /** Keys that an account may manage in a Region, whatever their state; replicas count. Default: 100,000. */
  readonly keysPerRegion: number
  /** How many aliases may point to a key. Default: 50. */
  readonly aliasesPerKey: number
  /** How many grants a key may have. Default: 50,000. */
  readonly grantsPerKey: number
}

/** What AWS allows by default. */
export const AWS_QUOTAS: ResourceQuotas = { keysPerRegion: 100_000, aliasesPerKey: 50, grantsPerKey: 50_000 }

/**
 * Asks for room for one more key. Whoever adds it commits `LimitKeys` with it, since others may be faster.
 *
 * @throws KmsError `LimitExceededException`
 */
export async function assertRoomForKey(store: Store, scope: Scope, quota: number): Promise<void> {
  const count = await store.countKeys(scope)
  if (count < quota) return
  throw new KmsError(
    'LimitExceededException',
    `Key quota for this account in this region is ${quota} but the current usage is ${count}.`,
  )
}

/**
 * Asks for room for one more alias of a key. Whoever adds it raises the key's version, so that no two are added at once.
 *
 * @throws KmsError `LimitExceededException`
 */
export async function assertRoomForAlias(store: Store, key: KeyRecord, quota: number): Promise<void> {
  const count = await store.countAliases(key)
  if (count < quota) return
  throw new KmsError(
    'LimitExceededException',
    `Aliases per key quota for this account in this region is ${quota}, current usage is ${count}.`,
  )
}
