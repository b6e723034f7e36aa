/** The end of a grant, by whichever of the two ways. */

import type { Store } from '../store/store.ts'
import { type GrantRecord, grantNotFound } from './grant.ts'

/** @throws KmsError `NotFoundException` when somebody else has ended it meanwhile */
export async function endGrant(store: Store, grant: GrantRecord): Promise<void> {
  if (!(await store.commit([{ type: 'DeleteGrant', grant }]))) throw grantNotFound(grant.grantId)
}
