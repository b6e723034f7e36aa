/** Which keys count towards the quota of an account in a Region. @spec KMS operations-around §8 */

import type { KeyRecord } from '../key/key.ts'
import { type Scope, isSameScope } from '../scope.ts'
import type { Change } from './store.ts'

/** Whether a key counts towards the quota of its account: AWS managed keys do not. */
export function isCounted(key: KeyRecord): boolean {
  return key.managedBy === undefined
}

/** By how many keys a commit adds to those that customers manage. */
export function growthOf(changes: readonly Change[], scope: Scope): number {
  let growth = 0
  for (const change of changes) {
    if (change.type !== 'PutKey' && change.type !== 'DeleteKey') continue
    if (!isCounted(change.key) || !isSameScope(change.key, scope)) continue
    if (change.type === 'DeleteKey') growth -= 1
    else if (change.key.version === 1) growth += 1
  }
  return growth
}
